"""CSV: RFC 4180, and every departure from it named with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.events import read_events
from goodstanding.events.blocks import Block
from goodstanding.events.delimited import CsvFile, _is_regular, split_record
from goodstanding.events.faults import RefusedError
from goodstanding.events.schema import PERSON

HEADER = "id,source,type,person,time,amount,label\n"

Maker = Callable[..., Path]
Refused = Callable[..., list[str]]


def rows(path: Path) -> list[dict[str, object]]:
    return [
        {k: v for k, v in row.items() if v is not None} for batch in read_events([path]) for row in batch.to_pylist()
    ]


@pytest.fixture
def csv(tmp_path: Path) -> Maker:
    def write(text: str | bytes, name: str = "events.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_nothing_between_commas_is_null_quoted_or_not(csv: Maker) -> None:
    path = csv(
        HEADER + 'e1,bank,bill.paid,p1,1970-01-01T00:00:00Z,"",""\ne2,bank,bill.paid,p1,1970-01-01T00:00:00Z,,\n'
    )
    usual = {"source": "bank", "type": "bill.paid", "person": "p1", "time": 0}
    assert rows(path) == [{"id": "e1", **usual}, {"id": "e2", **usual}]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n\r\n"])
def test_line_ends_and_a_byte_order_mark_change_nothing(csv: Maker, end: str, mark: bytes, last: str) -> None:
    text = (
        HEADER + '"e,""1""",bank,bill.paid,p1,1970-01-01T00:00:00Z,-5,例\ne2,bank,bill.paid,p1,1970-01-01T00:00:00Z,7,x'
    )
    found = rows(csv(mark + text.replace("\n", end).encode() + last.encode()))
    assert [(row["id"], row["amount"], row["label"]) for row in found] == [('e,"1"', -5, "例"), ("e2", 7, "x")]


def test_a_header_alone_is_no_events(csv: Maker) -> None:
    assert rows(csv(HEADER)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "events.csv: an empty file; expected a header: id,source,type,person,time,amount"),
        ("\n\n", "events.csv: an empty file; expected a header"),
        (
            "id,source,type,person\n",
            "events.csv: no column 'time'; expected id, source, type, person, time in every event",
        ),
        ("id,source,type,person,time,time\n", "events.csv: column 'time' twice; expected each column once"),
        ("id,source,type,person,time,amuont\n", "events.csv: unknown column 'amuont'; expected one of id, source,"),
        (
            "id;source;type;person;time\n",
            "events.csv: one column 'id;source;type;person;time'; expected columns divided by commas",
        ),
        ('id,"source,type\n', "events.csv: a header with a quoted field without its end: '\"source,type'"),
    ],
)
def test_a_faulty_header_is_named(csv: Maker, refused: Refused, text: str, said: str) -> None:
    assert refused(csv(text))[0].startswith(said)


def test_a_misspelt_column_is_told_its_nearest_name(csv: Maker, refused: Refused) -> None:
    assert refused(csv("id,source,type,person,time,amuont\n"))[0].endswith("did you mean 'amount'?")


GOOD = "e,bank,bill.paid,p1,1970-01-01T00:00:00Z,5,x"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("e,bank,bill.paid,p1,1970-01-01T00:00:00Z,5", "6 fields; expected 7 fields, as in the header"),
        (GOOD + ",", "8 fields; expected 7 fields, as in the header"),
        ("", "a blank line; expected 7 fields, as in the header"),
        ("\r", "a blank line; expected 7 fields, as in the header"),
        ("x", "1 field; expected 7 fields, as in the header"),
        (GOOD + '"', "a quote inside the field 'x\"'; expected quotes around the whole field, doubled inside it"),
        (GOOD + '"",x', "a quote inside the field"),
        (
            '"e"x,bank,bill.paid,p1,1970-01-01T00:00:00Z,5,x',
            "'x,bank,bill.paid,p1,1970-01-01T00:00:00Z,5,x' after a quoted field",
        ),
        ('"e,bank,bill.paid,p1,1970-01-01T00:00:00Z,5,x', "a quoted field without its end: "),
        ("e\rf,bank,bill.paid,p1,1970-01-01T00:00:00Z,5,x", r"id 'e\rf' (U+000D); expected no control"),
        ("e\0f,bank,bill.paid,p1,1970-01-01T00:00:00Z,5,x", r"id 'e\x00f' (U+0000); expected no control"),
        ("e,bank,bill.paid,p1,1970-01-01T00:00:00,5,x", "time '1970-01-01T00:00:00' (a time without a zone)"),
        ("e,bank,bill.paid,p1,,5,x", "no time; expected a time such as"),
        ("e,bank,bill.paid,p1,1970-01-01T00:00:00Z, 5,x", "amount ' 5'; expected a whole number"),
        ("e,bank,bill.paid,p1,1970-01-01T00:00:00Z,5," + "x" * 129, "label 'xxx"),
        ("e,bank,bill.paid,p1,1970-01-01T00:00:00Z,5," + "x" * (1 << 20), "a line of more than 1048576 bytes"),
    ],
)
def test_a_faulty_line_is_named_by_its_place_in_the_file(csv: Maker, refused: Refused, line: str, said: str) -> None:
    lines = refused(csv(HEADER + GOOD + "\n" + line + "\n" + GOOD + "\n"))
    assert len(lines) == 1
    assert lines[0].startswith(f"events.csv:3: {said}")


def test_a_string_that_is_not_utf_8_is_named(csv: Maker, refused: Refused) -> None:
    assert refused(csv(HEADER.encode() + GOOD.encode() + b"\xff\n")) == [
        "events.csv:2: byte 45 of the line is not UTF-8; expected UTF-8"
    ]


def test_a_line_break_in_quotes_is_one_fault_of_the_line_where_it_begins(csv: Maker, refused: Refused) -> None:
    text = HEADER + '"e\nf",bank,bill.paid,p1,1970-01-01T00:00:00Z,5,x\n' + GOOD + "x" * 130 + "\n"
    assert [line[:30] for line in refused(csv(text))] == [
        r"events.csv:2: id 'e\nf' (U+000",
        "events.csv:4: label 'xxxxxxxxx",
    ]


def test_a_byte_order_mark_inside_a_file_is_a_character(tmp_path: Path) -> None:
    file = CsvFile.__new__(CsvFile)
    file.shape, file.names = PERSON, ["person"]
    found = file._read(Block(1, b"\xef\xbb\xbfp1\n"))
    assert found.columns["person"].to_pylist() == ["\ufeffp1"]


def test_people_may_have_other_columns_of_any_name(csv: Maker) -> None:
    found = next(CsvFile(csv("x,person,x,\n1,p1,2,3\n"), PERSON).rows())
    assert found.columns.keys() == {"person"}
    assert found.columns["person"].to_pylist() == ["p1"]


def test_a_file_larger_than_a_block_keeps_its_lines(csv: Maker, refused: Refused) -> None:
    line = "e,bank,bill.paid,p1,1970-01-01T00:00:00Z,5," + "x" * 120 + "\n"
    text = HEADER + line * 60_000 + "bad\n" + line * 10
    assert len(text) > 2 * (4 << 20)
    assert refused(csv(text)) == ["events.csv:60002: 1 field; expected 7 fields, as in the header"]


PIECES = st.lists(st.sampled_from(['"', ",", "a", "例", "\r", '""', '","', '"a"', "\n", "\r\n", ","]), max_size=14)


@given(PIECES.map("".join))
def test_at_once_and_line_by_line_the_same_is_read(text: str) -> None:
    file = CsvFile.__new__(CsvFile)
    file.shape, file.names = PERSON, ["other", "person"]
    block = Block(1, (text + "\n").encode())
    at_once, by_line = file._read(block), file._read_by_line(block)
    assert at_once.columns["person"].to_pylist() == by_line.columns["person"].to_pylist()
    assert at_once.lines.tolist() == by_line.lines.tolist()
    assert len(at_once.findings) == len(by_line.findings)


@given(PIECES.map("".join).filter(lambda text: "\n" not in text.removesuffix("\r")))
def test_quotes_are_regular_exactly_where_a_line_can_be_split_by_hand(line: str) -> None:
    try:
        fields: list[str] | None = split_record(line.encode())
    except RefusedError:
        fields = None
    bare_return = "\r" in line.removesuffix("\r")
    is_blank = line in {"", "\r"}
    assert _is_regular(line.encode() + b"\n") == (fields is not None and not bare_return and not is_blank)
