"""Documents: YAML 1.2 and JSON, not YAML 1.1; a place for every value; the same from either of PyYAML's parsers."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from goodstanding.document import Findings, Node, plain, read, read_into
from goodstanding.document.nodes import one_of, quoted
from goodstanding.document.text import Loader
from goodstanding.errors import PolicyError, Problem
from goodstanding.policy import shipped

LOADERS: dict[str, Loader] = {"C": yaml.CSafeLoader, "Python": yaml.SafeLoader}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("tRue", "tRue"),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("", None),
        ("nUll", "nUll"),
        ('""', ""),
        ("'null'", "null"),
        ('"true"', "true"),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("0", 0),
        ("-0", 0),
        ("0.0", 0),
        ("-0.0", 0),
        ("010", "010"),
        ("00", "00"),
        ("08", "08"),
        ("0x10", "0x10"),
        ("0o17", "0o17"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("190:20:30", "190:20:30"),
        ("2018-01-01", "2018-01-01"),
        ("2018-01-01T00:00:00Z", "2018-01-01T00:00:00Z"),
        ("2018-01-01 00:00:00", "2018-01-01 00:00:00"),
        (".5", Decimal("0.5")),
        ("5.", 5),
        ("0.8", Decimal("0.8")),
        ("0.80", Decimal("0.8")),
        ("1.0", 1),
        ("1.0000", 1),
        ("100", 100),
        ("1.5", Decimal("1.5")),
        ("-0.1234", Decimal("-0.1234")),
        ("1.2.3", "1.2.3"),
        ("1e", "1e"),
        ("'1e3'", "1e3"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("NaN", "NaN"),
        ("=", "="),
        ("<<", "<<"),
        ("1000000000000000000", 10**18),
        ("-1000000000000000000", -(10**18)),
        ("1000000000000000000.0", 10**18),
    ],
)
@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_a_scalar_means_what_yaml_1_2_says(written: str, value: object, loader: Loader) -> None:
    findings = Findings("d.yaml")
    node = read_into(f"a: {written}\n", findings, loader)
    assert findings.problems == ()
    assert node is not None
    found = plain(node)
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1e3", "a is 1e3, a number with an exponent; expected a number without one"),
        ("1.5E-3", "a is 1.5E-3, a number with an exponent; expected a number without one"),
        ("0.12345", "a is 0.12345, a number with 5 decimal places; expected at most 4"),
        ("1.00000", "a is 1.00000, a number with 5 decimal places; expected at most 4"),
        (
            "1000000000000000000.1",
            "a is 1000000000000000000.1, too large a number; expected numbers of at most 10^18 in size",
        ),
        (
            "-1000000000000000001",
            "a is -1000000000000000001, too large a number; expected numbers of at most 10^18 in size",
        ),
        ("9" * 5_000, f"a is {'9' * 40}, too large a number; expected numbers of at most 10^18 in size"),
    ],
)
def test_a_number_beyond_the_limits_is_a_problem_of_its_own(written: str, said: str) -> None:
    hint = "put it in quotes, if it is meant as text"
    with pytest.raises(PolicyError) as caught:
        read(f"a: {written}\n", "d.yaml")
    assert str(caught.value) == f"d.yaml:1: column 4: {said}; {hint}"


def test_json_is_read_as_it_is() -> None:
    value = {"a": [1, -2, 0.5, None, True, "x\ny", "例", '/\\"'], "b": {"c": {}, "d": []}}
    for text in (json.dumps(value), json.dumps(value, indent=2), json.dumps(value, indent="\t", ensure_ascii=False)):
        assert plain(read(text)) == {**value, "a": [1, -2, Decimal("0.5"), None, True, "x\ny", "例", '/\\"']}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_value_and_key_has_its_line_and_column(end: str) -> None:
    text = end.join(["# 例", "a:", "  - 例: [1, 例2, 3]", "    c: |", "      text", "", "d: {e: 'f', g: h}", ""])
    root = read(text)
    first = root.mapping["a"].items[0]
    assert (root.place, first.place, first.keys) == ((2, 1), (3, 5), {"例": (3, 5), "c": (4, 5)})
    assert [item.place for item in first.mapping["例"].items] == [(3, 9), (3, 12), (3, 16)]
    assert (first.mapping["c"].value, first.mapping["c"].place) == ("text\n", (4, 8))
    assert (root.keys["d"], root.mapping["d"].mapping["g"].place) == ((7, 1), (7, 16))


def test_a_path_leads_to_the_deepest_key_that_is_there() -> None:
    root = read("lists:\n  - {name: a}\n  - {name: b, closed: x}\n")
    assert [root.at("lists", "b", "closed"), root.at("lists", "a", "closed"), root.at("tiers")] == [
        (3, 15),
        (2, 5),
        (1, 1),
    ]


def test_a_byte_order_mark_at_the_beginning_is_passed_over() -> None:
    assert plain(read("\ufeffa: 1\n")) == {"a": 1}
    assert plain(read(b"\xef\xbb\xbfa: 1\n")) == {"a": 1}
    assert read("\ufeffa: 1\n").place == (1, 1)


def test_a_directive_may_say_what_is_so() -> None:
    assert plain(read("%YAML 1.2\n---\na: 1\n...\n")) == {"a": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("%YAML 1.1\n---\na: no\n", "1: column 1: the document says it is YAML 1.1; expected YAML 1.2"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", "1: column 1: a %TAG directive; expected no tags"),
        ("", "1: column 1: the document is empty; expected a mapping"),
        ("# nothing\n", "1: column 1: the document is empty; expected a mapping"),
        ("a: 1\n---\nb: 2\n", "2: column 1: a second document begins; expected one document a file"),
        ("5: a\n", "1: column 1: a key is the number 5; expected text; put it in quotes"),
        ("true: a\n", "1: column 1: a key is true; expected text; put it in quotes"),
        ("? [a]\n: b\n", "1: column 3: a key is a list; expected text"),
        ("1e5: a\n", "1: column 1: a key is 1e5, a number with an exponent; expected a number without one; "),
        ("*a : 1\n", "1: column 1: an alias, '*a'; expected the value itself: a policy has no aliases"),
        ("a: 1\n\n'a': 2\n", "3: column 1: the key 'a' is given twice, first in line 1; expected each key once"),
        ("a: \x07\n", "1: column 4: a control or separator character, U+0007; expected text that shows what it holds"),
        ("例: b\r\n例: \x00\n", "2: column 4: a control or separator character, U+0000; expected text that shows"),
        ("a: b\x85\n", "1: column 5: a control or separator character, U+0085; expected text that shows"),
        ("a: \ufeffb\n", "1: column 4: a control or separator character, U+FEFF; expected text that shows"),
        ('a: "\\0"\n', "1: column 4: a holds an invisible character, U+0000; expected text without control"),
        ("a: b\u200e\n", "1: column 5: a bidirectional mark, U+200E; expected text that shows what it holds"),
    ],
)
def test_what_no_policy_may_hold_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read(text, "d.yaml")
    assert str(caught.value).startswith(f"d.yaml:{said}")


@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1\nb: 2\n", (2, 2)),
        ("a: 'x\n", (2, 1)),
        ("a: b: c\n", (1, 5)),
        ("a:\n\t- b\n", (2, 1)),
        ("a: @b\n", (1, 4)),
    ],
)
def test_what_is_not_yaml_is_told_where_it_ceases_to_be(text: str, place: tuple[int, int], loader: Loader) -> None:
    findings = Findings("d.yaml")
    assert read_into(text, findings, loader) is None
    (problem,) = findings.problems
    assert (problem.line, problem.column) == place
    assert problem.found.startswith("this is not YAML: ")


@pytest.mark.parametrize("raw", [b"a: \xff\n", "a: 例\n".encode("utf-16"), b"\xc0\xaf", "a: \ud800"])
def test_bytes_that_are_not_utf_8_are_told_with_their_place(raw: bytes | str) -> None:
    findings = Findings("d.yaml")
    assert read_into(raw, findings) is None
    assert findings.problems[0].found.endswith("is not UTF-8")


def test_the_column_of_a_bad_byte_counts_characters() -> None:
    findings = Findings("d.yaml")
    read_into("a: 1\n例例: ".encode() + b"\xff", findings)
    assert findings.problems == (Problem("d.yaml", 2, "byte 0xff is not UTF-8", "a document in UTF-8", 5),)


def test_a_document_is_read_from_a_path_and_named_by_it(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    assert plain(read(path)) == {"a": 1}
    path.write_text("a: *b\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=f"^{path}:1: column 4: an alias"):
        read(path)


@pytest.mark.parametrize("name", shipped())
def test_both_parsers_read_a_shipped_policy_alike(name: str) -> None:
    nodes = [read_into(shipped()[name], Findings("d.yaml"), loader) for loader in LOADERS.values()]
    assert nodes[0] is not None
    assert nodes[0] == nodes[1]


# --- Words ------------------------------------------------------------------------------------------------------------


def test_what_was_found_is_said_in_words() -> None:
    found = {"~": "empty", "true": "true", "No": "the text 'No'", "1.5": "the number 1.5", "[]": "an empty list"}
    found |= {"[1]": "a list", "{}": "an empty mapping", "{a: 1}": "a mapping", "false": "false"}
    assert {written: read(f"a: {written}").mapping["a"].described() for written in found} == found


def test_a_long_text_and_a_long_list_of_names_are_cut() -> None:
    assert quoted("x" * 64) == repr("x" * 64)
    assert quoted("x" * 65) == repr("x" * 63 + "…")
    assert quoted("a\nb") == "'a\\nb'"
    assert one_of([f"n{i}" for i in range(18)]).endswith("n14, n15, … (18 in all)")
    assert [one_of(["a"]), one_of(["a", "b"]), one_of([])] == ["a", "one of a, b", ""]


def test_a_node_that_is_no_list_has_no_items() -> None:
    assert Node("x", 1, 1).items == []
    assert Node([], 1, 1).mapping == {}
