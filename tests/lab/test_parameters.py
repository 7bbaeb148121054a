"""The laboratory's numbers: each from somewhere, within its range, changed only by what is written down."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from devtools import parameters_page
from goodstanding.errors import InputError
from goodstanding.lab.city import found
from goodstanding.lab.parameters import Parameters, load, loads
from goodstanding.lab.society import Rule, Society, Variant
from goodstanding.policy import load as policy

PARAMETERS = load()
HELD_TO = {"people.liquidity_constrained", "events.court_listed", "errors.share_with_error"}
"""Nothing is made with these: tests hold the city to them."""
SHIPPED = Path(__file__).parent.parent.parent / "src/goodstanding/lab/parameters/parameters.yaml"


def problems(text: str) -> list[str]:
    """What is said of a user's document."""
    with pytest.raises(InputError) as raised:
        loads(text, "mine.yaml", over=PARAMETERS)
    return [str(problem) for problem in raised.value.problems]


def test_every_number_has_a_source_or_says_why_it_is_assumed() -> None:
    for parameter in PARAMETERS.each():
        assert (parameter.source is None) != (parameter.assumption == ""), parameter.name
        assert parameter.about
        assert parameter.unit


def test_every_number_lies_in_its_range() -> None:
    assert [parameter.name for parameter in PARAMETERS.each() if not parameter.fits(parameter.values)] == []


@pytest.mark.compiled
def test_every_number_is_read_by_a_city_or_those_who_live_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[str] = set()

    def noting(ask: Any) -> Any:
        def asked(self: Parameters, name: str) -> Any:
            read.add(name)
            return ask(self, name)

        return asked

    for how in ("number", "numbers"):
        monkeypatch.setattr(Parameters, how, noting(getattr(Parameters, how)))
    enrolments = {"sesame": "ticked", "national": "all", "rail-2018": "all", "rongcheng": "asked"}
    rules = [Rule(name, policy(name), enrolment) for name, enrolment in enrolments.items()]
    Society(found(200, 1, load(), threads=1), rules, Variant(), threads=1).run(2, lambda _: None)
    assert {parameter.name for parameter in PARAMETERS.each()} - read == HELD_TO
    held = [PARAMETERS.named[name] for name in HELD_TO]
    assert [parameter.name for parameter in held if parameter.low != parameter.high] == []


def test_every_source_that_a_text_names_is_in_the_document_and_every_one_there_is_named() -> None:
    text = SHIPPED.read_text("utf-8")
    sources, _, groups = text.partition("\npeople:\n")
    held = set(re.findall(r"^  (S\d+):$", sources, re.MULTILINE))
    named = set(re.findall(r"\bS\d+\b", groups))
    assert named <= held
    assert held <= named | set(re.findall(r"[^\w](S\d+)\b", re.sub(r"^  S\d+:$", "", sources, flags=re.MULTILINE)))


def test_numbers_are_asked_for_by_name() -> None:
    assert PARAMETERS.number("people.minority_share") == 0.1
    assert len(PARAMETERS.numbers("people.age_shares")) == 6
    assert PARAMETERS.named["people.age_shares"].group == "people"


def test_a_change_keeps_all_else_and_has_another_digest() -> None:
    changed = PARAMETERS.changed({"people.minority_share": 0.2, "people.age_shares": [100, 100, 100, 100, 100, 100]})
    assert changed.number("people.minority_share") == 0.2
    assert changed.numbers("people.age_shares") == (100.0,) * 6
    assert changed.number("people.income_median") == PARAMETERS.number("people.income_median")
    assert changed.digest != PARAMETERS.digest
    back = changed.changed({"people.minority_share": 0.1, "people.age_shares": PARAMETERS.numbers("people.age_shares")})
    assert back.digest == PARAMETERS.digest


def test_all_faults_of_a_change_are_told_at_once_with_their_lines() -> None:
    changes = {
        "people.minorty_share": 0.2,
        "people.minority_share": 3,
        "people.age_shares": 2,
        "people.income_median": "much",
        "people.adult_share": True,
        "people.districts": float("nan"),
        "nobody.there": 1,
    }
    with pytest.raises(InputError) as raised:
        PARAMETERS.changed(changes, "mine.yaml", {name: line for line, name in enumerate(changes, 4)})
    told = str(raised.value).splitlines()
    assert len(told) == 7
    assert told[0].startswith("mine.yaml:4: there is no parameter 'people.minorty_share'; expected ")
    assert told[0].endswith("did you mean 'people.minority_share'?")
    assert told[1] == "mine.yaml:5: people.minority_share is 3; expected a number from 0.05 to 0.3 (of adults)"
    assert told[2].startswith("mine.yaml:6: people.age_shares is 2; expected 6 numbers, each from 20 to 400")
    assert told[3].startswith("mine.yaml:7: people.income_median is 'much'; expected a number from 202800")
    assert "expected group.name, of one of the groups people, friends" in told[6]


def test_a_document_replaces_some_numbers_and_says_where_they_come_from(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        """parameters: 1
sources: {T1: {title: A table, url: "https://example.org/table", figure: 0.5}}
people:
  minority_share: {value: 0.5, range: [0, 1], source: T1}
  districts: {value: 6, assumption: a small town}
  honesty_mean: {value: -0.1, source: {title: Another, url: "https://example.org"}, about: Ours, unit: deviations}
""".replace("figure: 0.5", "figure: Half of them"),
        encoding="utf-8",
    )
    read = load(mine)
    share, districts, honesty = (
        read.named[f"people.{name}"] for name in ("minority_share", "districts", "honesty_mean")
    )
    assert (share.values, share.low, share.high, share.unit) == ((0.5,), 0, 1, "of adults")
    assert share.source is not None
    assert (share.source.title, share.source.figure, share.assumption) == ("A table", "Half of them", "")
    assert (districts.values, districts.assumption, districts.source) == ((6.0,), "a small town", None)
    assert (honesty.about, honesty.unit) == ("Ours", "deviations")
    assert len(read.named) == len(PARAMETERS.named)


def test_all_faults_of_a_document_are_told_at_once() -> None:
    told = problems(
        """parameters: 2
sources: {T1: {title: A table}}
people:
  minority_share: {value: 0.2, source: T2}
  minority_shares: {value: 0.2, assumption: a}
  districts: {value: 6}
  adult_share: {value: 0.8, assumption: a, source: T1}
  income_median: {value: 5, assumption: a}
  age_shares: {value: [1, 2], assumption: a}
  income_sigma: {value: 0.5, range: [0.7, 0.6], assumption: a}
  Bad: {value: 1, assumption: a}
friends: 3
"""
    )
    said = "\n".join(told)
    assert "mine.yaml:1: column 13: parameters is the number 2; expected a whole number: 1" in told
    assert "mine.yaml:2: column 15: a source has no 'url'" in said
    assert "unknown source 'T2'" in said
    assert "mine.yaml:5: column 3: there is no parameter 'people.minority_shares'" in said
    assert "mine.yaml:6: column 14: neither source nor assumption" in said
    assert "mine.yaml:7: column 16: both source and assumption" in said
    assert "people.income_median is 5; expected a number from 202800 to 450000" in said
    assert "people.age_shares is [1, 2]; expected 6 numbers, each from 20 to 400" in said
    assert "range is [0.7, 0.6]; expected a list of the least and the greatest value" in said
    assert "the name 'Bad'" in said
    assert "'friends' is the number 3; expected a group" in said


def test_a_document_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "expected a document of parameters, a mapping" in problems("- 1\n")[0]
    assert problems("a: [\n")
    with pytest.raises(InputError, match="it cannot be read: No such file"):
        load(tmp_path / "none.yaml")


def test_a_whole_document_needs_all_of_each_parameter() -> None:
    whole = loads("parameters: 1\ng: {n: {value: 1, unit: a, range: [0, 2], about: b, assumption: c}}\n")
    assert whole.number("g.n") == 1
    with pytest.raises(InputError, match=r"g\.n has no one of range, about"):
        loads("parameters: 1\ng: {n: {value: 1, unit: a, assumption: c}}\n")


def test_the_page_shows_every_number_and_every_source() -> None:
    text = parameters_page.text()
    sections = {part.partition("`")[0]: part for part in text.split("\n## `")[1:]}
    for parameter in PARAMETERS.each():
        assert f"\n| `{parameter.name.partition('.')[2]}` | {parameter.said} |" in sections[parameter.group]
    assert all(f"\n| {name}: [" in text for name in PARAMETERS.sources)
