"""Drawn tables, moments and documents are read and written as they say."""

from decimal import Decimal

import pytest
import yaml

from goodstanding.testing import AS_OF, DAY, as_iso, as_moment, as_yaml, table, tie_table


def test_a_drawn_table_fills_in_what_it_leaves_out() -> None:
    first, second = table("type | amount | label\n a | -5 | x\n b | |")
    assert (first["id"], first["source"], first["person"], first["time"]) == ("e1", "s", "p", AS_OF - DAY)
    assert (first["amount"], first["label"], first["party"]) == (-5, "x", None)
    assert (second["id"], second["amount"], second["label"]) == ("e2", None, None)


def test_a_drawn_moment_is_days_and_microseconds_from_as_of() -> None:
    assert [row["time"] - AS_OF for row in table("time\n 0d\n -2d+1\n 3d-1")] == [0, 1 - 2 * DAY, 3 * DAY - 1]


def test_a_moment_that_is_not_written_so_is_refused() -> None:
    with pytest.raises(ValueError, match="'yesterday' is no moment"):
        table("time\n yesterday")


def test_a_drawn_tie_began_a_year_ago_and_still_is() -> None:
    assert tie_table("a | b\n p | q") == [{"a": "p", "b": "q", "since": AS_OF - 365 * DAY, "until": None, "kind": None}]


def test_a_moment_is_written_in_utc_and_read_back() -> None:
    assert as_iso(AS_OF) == "2020-01-01T00:00:00Z"
    assert as_iso(AS_OF + 1) == "2020-01-01T00:00:00.000001Z"
    assert as_moment(as_iso(-1)) == -1


def test_a_document_is_written_so_that_no_string_is_taken_for_a_number() -> None:
    document = {
        "version": "010",
        "factors": [{"from": Decimal("0.0001"), "points": -3}],
        "empty": [],
        "text": {"zh": "例: #"},
    }
    assert yaml.safe_load(as_yaml(document)) == {**document, "factors": [{"from": 0.0001, "points": -3}]}
    assert "12345678901234567.0001" in as_yaml({"from": Decimal("12345678901234567.0001")})
