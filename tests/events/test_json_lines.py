"""JSON Lines and CloudEvents: one object a line, no key twice, whole numbers and strings only."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.events import read_events
from goodstanding.events.blocks import Block
from goodstanding.events.jsonlines import JsonLinesFile, _is_regular
from goodstanding.events.rows import check
from goodstanding.events.schema import EVENT

USUAL = {"id": "e1", "source": "bank", "type": "bill.paid", "person": "p1", "time": "1970-01-01T00:00:00Z"}
START = json.dumps(USUAL)[:-1]
CLOUD = {
    "specversion": "1.0",
    "id": "e1",
    "source": "bank",
    "type": "bill.paid",
    "subject": "p1",
    "time": "1970-01-01T00:00:00Z",
}

Maker = Callable[..., Path]
Refused = Callable[..., list[str]]


@pytest.fixture
def lines(tmp_path: Path) -> Maker:
    def write(*texts: str | bytes) -> Path:
        path = tmp_path / "events.jsonl"
        path.write_bytes(b"".join((text.encode() if isinstance(text, str) else text) + b"\n" for text in texts))
        return path

    return write


def rows(path: Path) -> list[dict[str, object]]:
    return [
        {k: v for k, v in row.items() if v is not None} for batch in read_events([path]) for row in batch.to_pylist()
    ]


READ = {**USUAL, "time": 0}


@pytest.mark.parametrize(
    ("text", "added"),
    [
        (START + "}", {}),
        (START + ', "amount": 5, "value": -7, "label": "例"}', {"amount": 5, "value": -7, "label": "例"}),
        (START + ', "amount": null, "label": null}', {}),
        (START + ', "label": "\\u4f8b \\"a\\" \\\\"}', {"label": '例 "a" \\'}),
        (" " + START + "} \r", {}),
        (START + ', "amount": 1000000000000}', {"amount": 10**12}),
        (START + ', "amount": -0}', {"amount": 0}),
    ],
)
def test_an_object_is_an_event(lines: Maker, text: str, added: dict[str, object]) -> None:
    assert rows(lines(text)) == [READ | added]
    assert rows(lines(text, " " + text)) == [READ | added] * 2  # a blank before a line: read by hand


def test_an_empty_file_is_no_events_and_blank_lines_at_the_end_are_none(lines: Maker) -> None:
    assert rows(lines()) == []
    assert rows(lines(START + "}", "", "")) == [READ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (START + ', "id": "e1"}', "key 'id' twice; expected each key once"),
        (START + ', "\\u0069d": "e1"}', "key 'id' twice; expected each key once"),
        (START + ', "amount": 1.0}', "amount 1.0; expected a whole number"),
        (START + ', "amount": 1e3}', "amount 1000.0; expected a whole number"),
        (START + ', "amount": true}', "amount true; expected a whole number"),
        (START + ', "amount": "5"}', 'amount "5"; expected a whole number'),
        (START + ', "amount": 1000000000001}', "amount 1000000000001; expected a whole number"),
        (START + ', "amount": 9223372036854775808}', "amount 9223372036854775808; expected a whole number"),
        (START + ', "amount": 99999999999999999999}', "amount 1e+20; expected a whole number"),
        (START + ', "amount": NaN}', "no JSON at character"),
        (START + ', "amount": Infinity}', "no JSON at character"),
        (START + ', "amount": -Infinity}', "no JSON at character"),
        (START + ', "label": ""}', "label an empty string; expected a string of 1 to 128 characters"),
        (START + ', "label": 5}', "label 5; expected a string"),
        (START + ', "label": ["x"]}', 'label ["x"]; expected a string'),
        (START + ', "label": [true, null, "\\u202e"]}', r'label [true, null, "\u202e"]; expected a string'),
        (START + ', "value": "5"}', 'value "5"; expected a whole number'),
        (START + ', "value": 1.5}', "value 1.5; expected a whole number from -1000000000000 to 1000000000000"),
        (START + ', "label": ' + "[" * 1010 + "]" * 1010 + "}", "label a value nested too deep to be shown; expected"),
        (START + ', "label": {"x": 1}}', 'label {"x": 1}; expected a string'),
        (START + ', "label": "a\\u0000b"}', r"label 'a\x00b' (U+0000); expected no control"),
        (START + ', "label": "\\ud800"}', "no JSON at character"),
        (START + ', "lable": "x"}', "unknown column 'lable'; expected one of id, source"),
        (START + ', "party": {"a": {"b": 1}}}', 'party {"a": {"b": 1}}; expected a string'),
        (START + "}{}", "no JSON at character"),
        (START + "},", "no JSON at character"),
        (START, "no JSON at character"),
        ("[" + START + "}]", '[{"id": "e1"'),
        ("5", "5; expected an object"),
        ("", "a blank line; expected an object"),
        (START.encode() + b', "label": "\xff"}', r"label b'\xff' (byte 1 is not UTF-8); expected UTF-8"),
        (b" " + START.encode() + b', "label": "\xff"}', "byte 112 of the line is not UTF-8"),
        (START + ', "label": "' + "x" * (1 << 20) + '"}', "a line of more than 1048576 bytes"),
        (
            START.replace("1970-01-01T00:00:00Z", "1970-01-01T00:00:00") + "}",
            "time '1970-01-01T00:00:00' (a time without a zone)",
        ),
        (START.replace('"1970-01-01T00:00:00Z"', "0") + "}", "time 0; expected a time such as"),
        (START.replace('"e1"', "null") + "}", "no id; expected a string of 1 to 128 characters"),
        (START.replace('"id": "e1", ', "") + "}", "no id; expected a string of 1 to 128 characters"),
    ],
)
def test_a_faulty_line_is_named(lines: Maker, refused: Refused, text: str | bytes, said: str) -> None:
    found = refused(lines(START + "}", text, START + "}"))
    assert len(found) == 1
    assert found[0].startswith(f"events.jsonl:2: {said}")


def test_a_misspelt_column_is_told_its_nearest_name(lines: Maker, refused: Refused) -> None:
    assert refused(lines(START + ', "lable": "x"}'))[0].endswith("did you mean 'label'?")


def test_several_faults_of_a_line_are_told_in_the_order_of_columns(lines: Maker, refused: Refused) -> None:
    text = '{"id": 1, "source": "bank", "type": "Bill", "person": "p1", "time": "x", "amount": 0.5}'
    assert [line.split(" ")[1] for line in refused(lines(text))] == ["id", "amount", "type", "time"]


def test_two_objects_on_one_line_and_one_on_two_are_not_two_lines(lines: Maker, refused: Refused) -> None:
    assert len(refused(lines(START + "}" + START + "}", START + ",", '"label": "x"}'))) == 3
    assert len(refused(lines(START + "}" + START + "}", START + "}"))) == 1


VALUES = st.sampled_from(
    [
        '"x"',
        '""',
        "1",
        "1.0",
        "null",
        "true",
        "[]",
        "{}",
        "1e2",
        "NaN",
        '"\\u0000"',
        '"\\u00e9"',
        "01",
        '"a"x',
        "9" * 19,
        '"}"',
        '{"a":"b"}',
    ]
)
KEYS = st.sampled_from(["label", "amount", "party", "id", "\\u0069d", "x", "specversion"])
MEMBERS = st.tuples(KEYS, VALUES).map(lambda pair: f'"{pair[0]}":{pair[1]}')
TEXTS = st.lists(MEMBERS, max_size=3).map(lambda members: "{" + ",".join(members) + "}") | st.sampled_from(
    ["{", "}", "{}{}", "", " {}", "{},"]
)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_at_once_and_line_by_line_the_same_is_read(texts: list[str]) -> None:
    file = JsonLinesFile(Path("events.jsonl"), EVENT)
    block = Block(1, "".join(text + "\n" for text in texts).encode())
    at_once, by_line = file._read(block), file._read_by_line(block)
    assert at_once.lines.tolist() == by_line.lines.tolist()
    assert at_once.columns == by_line.columns
    assert len(at_once.findings) == len(by_line.findings)


def test_regular_lines_are_read_at_once() -> None:
    line = (START + "}\n").encode()
    assert _is_regular(line * 3)
    assert not _is_regular(line + b"\n" + line)
    assert not _is_regular(line[:-1])
    assert not _is_regular(b"")
    assert check(EVENT, JsonLinesFile(Path("x.jsonl"), EVENT)._read(Block(1, line * 3))).batch.num_rows == 3


# --- CloudEvents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("added", "columns"),
    [
        ({}, {}),
        ({"data": None}, {}),
        (
            {"data": {"amount": 5, "label": "例", "recorded": "1970-01-01T00:00:01Z"}},
            {"amount": 5, "label": "例", "recorded": 10**6},
        ),
        ({"datacontenttype": "application/json", "data": {}}, {}),
        ({"datacontenttype": "application/vnd.bank+json; charset=utf-8", "data": {"value": 1}}, {"value": 1}),
        ({"dataschema": "https://example.org/s", "traceparent": "00-x", "sequence": 7, "partitionkey": "p"}, {}),
    ],
)
def test_a_cloudevent_is_an_event(lines: Maker, added: dict[str, object], columns: dict[str, object]) -> None:
    assert rows(lines(orjson.dumps(CLOUD | added), START + "}")) == [READ | columns, READ]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({"specversion": "0.3"}, 'specversion "0.3"; expected CloudEvents of specversion "1.0"'),
        ({"specversion": 1.0}, "specversion 1.0; expected"),
        ({"subject": None}, "no person; expected"),
        ({"time": None}, "no time; expected"),
        ({"id": ""}, "id an empty string; expected"),
        ({"data": {"amount": 0.5}}, "amount 0.5; expected a whole number"),
        ({"data": {"amuont": 5}}, "unknown column 'amuont' in 'data'; expected one of amount, value"),
        ({"data": {"zzz": 5}}, "unknown column 'zzz' in 'data'; expected one of amount, value"),
        ({"data": [1]}, "data [1]; expected an object"),
        ({"data": "x"}, 'data "x"; expected an object'),
        ({"data": {"label": {"deep": {"er": 1}}}}, 'label {"deep": {"er": 1}}; expected a string'),
        ({"data_base64": "AA=="}, "'data_base64'; expected 'data' as a JSON object"),
        ({"datacontenttype": "text/xml"}, 'datacontenttype "text/xml"; expected JSON'),
        ({"datacontenttype": 5}, "datacontenttype 5; expected JSON"),
        ({"amount": 5}, "attribute 'amount' of a CloudEvent; expected 'amount' inside 'data'"),
        ({"person": "p2"}, "attribute 'person' of a CloudEvent; expected 'subject' for the person"),
        ({"Trace": "x"}, "attribute 'Trace' of a CloudEvent; expected a CloudEvents 1.0 attribute"),
        ({"trace": {"a": 1}}, "attribute 'trace' of a CloudEvent; expected a CloudEvents 1.0 attribute"),
    ],
)
def test_what_is_no_cloudevent_of_ours_is_refused(
    lines: Maker, refused: Refused, added: dict[str, object], said: str
) -> None:
    assert refused(lines(orjson.dumps(CLOUD | added)))[0].startswith(f"events.jsonl:1: {said}")


def test_a_doubled_key_inside_the_data_is_found(lines: Maker, refused: Refused) -> None:
    text = orjson.dumps(CLOUD | {"data": {"amount": 5}}).replace(b'"amount":5', b'"amount":5,"amount":6')
    assert refused(lines(text)) == ["events.jsonl:1: key 'amount' twice; expected each key once"]
