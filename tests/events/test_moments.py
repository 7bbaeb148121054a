"""Moments: exact, with a zone, and the same by hand and by whole columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.events import EARLIEST, END, format_moment, parse_moment
from goodstanding.events.kinds import Moment
from goodstanding.events.moments import parse_moments

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1970-01-01T00:00:00.5+00:00", 500_000),
        ("1970-01-01T08:00:00+08:00", 0),
        ("1969-12-31T18:15:00-05:45", 0),
        ("2016-02-29T00:00:00Z", 1_456_704_000_000_000),
        ("1970-01-01T00:00:01.123456000Z", 1_123_456),
        ("1899-12-31T23:00:00-01:00", EARLIEST),
        ("1900-01-01T00:00:00Z", EARLIEST),
        ("2199-12-31T23:59:59.999999Z", END - 1),
        ("2200-01-01T07:59:59.999999+08:00", END - 1),
    ],
)
def test_a_written_moment_is_exact(text: str, micros: int) -> None:
    assert parse_moment(text) == micros
    assert parse_moments(pa.array([text]))[0].to_pylist() == [micros]
    assert Moment().take(pa.array([text])).faulty.size == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2018-01-01T00:00:00", "a time without a zone"),
        ("2018-01-01", "a day without a time"),
        ("2018-01-01 00:00:00Z", "a blank between day and time, where a T belongs"),
        ("2018-01-01  00:00", "a blank between day and time, where a T belongs"),
        (" 2018-01-01T00:00:00Z", "a blank before or after it"),
        ("2018-01-01T00:00:00Z ", "a blank before or after it"),
        ("2018-01-01t00:00:00Z", "a small t or z"),
        ("2018-01-01T00:00:00z", "a small t or z"),
        ("2018-01-01T00:00:00,5Z", "a comma before the decimals"),
        ("2018-01-01T00:00:00+0800", r"an offset that is not written like \+08:00"),
        ("2018-01-01T00:00:00.5+08", r"an offset that is not written like \+08:00"),
        ("2018-01-01T00:00:00.1234567891Z", "finer than a microsecond"),
        ("1514764800", "a bare number"),
        ("1514764800.5", "a bare number"),
        ("Monday", "not a date and a time"),
        ("2018-01-01T00:00Z", "a time without seconds"),
        ("2018-01-01T00:00:00.Z", "not a date and a time"),
        ("2018-01-01T00:00:00.1234567Z", "finer than a microsecond"),
        ("2018-01-01T00:00:00.123456001+01:00", "finer than a microsecond"),
        ("2016-12-31T23:59:60Z", "second must be in"),
        ("2018-01-01T24:00:00Z", "hour must be in"),
        ("2018-01-01T00:60:00Z", "minute must be in"),
        ("2017-02-29T00:00:00Z", "day"),
        ("1900-02-29T00:00:00Z", "day"),
        ("2018-00-01T00:00:00Z", "month must be in"),
        ("2018-01-00T00:00:00Z", "day"),
        ("2018-01-01T00:00:00+24:00", "an offset beyond 23:59"),
        ("2018-01-01T00:00:00+01:60", "an offset beyond 23:59"),
        ("10000-01-01T00:00:00Z", "not a date and a time"),
        ("٢٠١٨-01-01T00:00:00Z", "not a date and a time"),
        ("", "not a date and a time"),
    ],
)
def test_what_is_no_exact_moment_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_moment(text)
    taken = Moment().take(pa.array([text, "2018-01-01T00:00:00Z"]))
    assert taken.faulty.tolist() == [0]
    assert why.replace("\\", "") in taken.explain(0).found


@pytest.mark.parametrize(
    "text", ["1899-12-31T23:59:59.999999Z", "2200-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"]
)
def test_a_moment_outside_the_range_is_refused(text: str) -> None:
    taken = Moment().take(pa.array(["2018-01-01T00:00:00Z", None, text]))
    assert taken.faulty.tolist() == [2]
    assert taken.explain(2).expected == "a time from 1900-01-01 and before 2200-01-01"


@given(st.lists(st.tuples(st.integers(EARLIEST, END - 1), st.integers(-1439, 1439), st.booleans()), max_size=20))
def test_every_moment_is_read_back_from_any_zone(drawn: list[tuple[int, int, bool]]) -> None:
    texts = []
    for micros, minutes, is_local in drawn:
        zone = timezone(timedelta(minutes=minutes if is_local else 0))
        local = EPOCH.astimezone(zone) + timedelta(microseconds=micros)
        texts.append(local.isoformat() if is_local else format_moment(micros))
    moments, faulty = parse_moments(pa.array(texts, pa.string()))
    assert moments.to_pylist() == [micros for micros, _, _ in drawn] == [parse_moment(text) for text in texts]
    assert faulty.size == 0


MUTANTS = st.tuples(
    st.sampled_from(["2018-01-31T09:30:00Z", "2018-01-31T09:30:00.25Z", "2018-12-31T23:59:59.123456+08:00"]),
    st.integers(0, 31),
    st.sampled_from("0123456789-+:.TZ x"),
).map(lambda drawn: drawn[0][: drawn[1]] + drawn[2] + drawn[0][drawn[1] + 1 :])


@given(st.lists(MUTANTS, max_size=8))
def test_columns_refuse_exactly_what_is_refused_by_hand(texts: list[str]) -> None:
    moments, faulty = parse_moments(pa.array(texts, pa.string()))
    for row, text in enumerate(texts):
        try:
            expected = parse_moment(text)
        except ValueError:
            assert row in faulty
        else:
            assert row not in faulty
            assert moments[row].as_py() == expected


@pytest.mark.parametrize(
    ("unit", "value"), [("s", 1_500_000_000), ("ms", 1_500_000_000_000), ("ns", 1_500_000_000_000_000_000)]
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "+05:45"])
def test_timestamps_of_any_unit_and_zone_are_the_same_moment(unit: str, value: int, zone: str) -> None:
    column = pa.array([value, None], pa.timestamp(unit, zone))
    taken = Moment().take(column)
    assert taken.array.to_pylist() == [1_500_000_000_000_000, None]
    assert taken.faulty.size == 0


def test_nanoseconds_that_are_no_whole_microseconds_are_refused() -> None:
    taken = Moment().take(pa.array([1000, 1001, -5_000_000_000_000_000_000], pa.timestamp("ns", "UTC")))
    assert taken.faulty.tolist() == [1, 2]
    assert taken.explain(1).found == "1970-01-01T00:00:00.000001Z and 1 nanoseconds"
    assert taken.explain(2).expected == "a time from 1900-01-01 and before 2200-01-01"


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize("value", [2**63 - 1, -(2**63), 2**62])
def test_timestamps_far_beyond_the_range_do_not_overflow_into_it(unit: str, value: int) -> None:
    taken = Moment().take(pa.array([0, value], pa.timestamp(unit, "UTC")))
    assert taken.faulty.tolist() == [1]
    assert "microseconds since 1970" in taken.explain(1).found


def test_a_timestamp_just_outside_is_shown_as_a_date() -> None:
    assert Moment().take(pa.array([END // 10**6], pa.timestamp("s", "UTC"))).explain(0).found == "2200-01-01T00:00:00Z"
