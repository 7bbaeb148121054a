"""A policy is told whole, in both languages: nothing that its document says is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from string import Formatter
from typing import Any

import pytest
from hypothesis import given

from goodstanding.policy import Policy, load, loads, shipped
from goodstanding.policy.telling import told
from goodstanding.policy.telling.words import WORDS
from goodstanding.testing import as_yaml, policies
from tests.policy.drafts import LIVE, SOUND, edited

SETTLED = (
    "kind",
    "take",
    "field",
    "by",
    "key",
    "sensitivity",
    "goodstanding",
    "world",
    "events",
    "ties",
    "as_of",
    "expect",
)
"""Keys whose values are words of the format, told in a sentence of their own; and what a case is made of."""


def telling(policy: Policy, lang: str) -> str:
    """The policy in words, its announcements as they stand."""
    return told(policy, lang, {entry.name: entry.text.in_(lang) for entry in policy.announcements})


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a document with the keys above it; texts in several languages as one."""
    match value:
        case {"en": _} | {"zh": _}:
            yield path, value
        case dict():
            for key, item in value.items():
                if "labels" in path[-1:]:
                    yield (*path, "label"), key
                if key not in SETTLED:
                    yield from leaves(item, (*path, key))
        case list():
            for item in value:
                yield from leaves(item, path)
        case _:
            yield path, value


def forms(path: tuple[str, ...], value: Any, lang: str) -> set[str]:
    """The ways in which a value may be told."""
    if isinstance(value, dict):
        return {value.get(lang, next(iter(value.values())))}
    if isinstance(value, Decimal):
        return {str(value.normalize()), str(value)}
    if isinstance(value, int):
        return {str(value), f"{value:+d}", *(["every one", "每计1"] if path[-1] == "per" else [])}
    if re.fullmatch(r"[0-9]+d", str(value)):
        return {f"{value[:-1]} day", f"{value[:-1]}天", *(["at once", "立即"] if value == "0d" else [])}
    return {str(value), str(value).removesuffix(".*")}


def untold(policy: Policy, lang: str) -> list[tuple[tuple[str, ...], Any]]:
    """What the document says and the telling does not."""
    text = " ".join(telling(policy, lang).split())
    return [
        (path, value)
        for path, value in leaves(policy.document)
        if not {"amount", "value"} & set(path[:-1])
        and not any(" ".join(form.split()) in text for form in forms(path, value, lang))
    ]


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("name", sorted(shipped()))
def test_nothing_of_a_shipped_policy_is_left_out(name: str, lang: str) -> None:
    assert untold(load(name), lang) == []


@pytest.mark.parametrize("lang", WORDS)
def test_nothing_of_a_policy_that_uses_every_part_is_left_out(lang: str) -> None:
    assert untold(loads(SOUND), lang) == []
    assert untold(loads(LIVE), lang) == []


@given(policies())
def test_every_drawn_policy_can_be_told(document: dict[str, Any]) -> None:
    policy = loads(as_yaml(document))
    for lang in WORDS:
        text = telling(policy, lang)
        assert all(factor.name in text for factor in policy.factors)
        assert "None" not in text


PARTS = """
Draft (draft 2024.1, for a synthetic world: made-up people only)
  Everyone begins at 500; the score is never below 300 and never above 900.
  There is a score only with 1 or more of this: how many events there are: “Bill paid”; within 730 days
  Bill paid (bill.paid)
    walk of life: finance; amount (CNY fen); value (days late); sensitivity: financial
  History (history), together between -150 and +200 points
    Bills paid on time (on_time), gives -60 to +40 points
      reads: of all “Bill paid”, the share of those with value (days late) of 0 or less; from 730 days ago to 30 days ago
      points: below 0.8: -60; from 0.8: -10; from 1: +40; nothing to read: 0
      where points are lost: R1, Bills were paid late
      points: bachelor: +10; master: +20; any other: +1; nothing to read: 0
      points: -50 for every one; never below -100; never above 0
      reads: the mean own score of those one is tied to, only ties of the kind friend
    opened by: “Listed by a court”; only when it happens 2 times or more within 365 days
    closed by: “Released by a court”; 30 days after that
    ends by itself 730 days after the latest event that opened it
    followed apart for each matter (a loan, a case, a ticket)
  Poor (poor): all others
  Good (good): from 600 points, not for those on the list “Defaulters”
    given by: The city
    when: the score is 600 or more, the tier is Good, not on the list “Defaulters”
    closes: rail.buy_ticket
    when: on the list “Defaulters” or the score is below 400
    notice: 7 days before it is in force; besides, working days: 5; `score` and `explain` do not count these yet
    how it ends: Pay.
  what is earned in finance may decide in court
    why: So it is.
  Scores are computed anew on day 6 of each month.
  A dispute takes 30 days at most.
  Working days are those of the calendar 'cn'.
  one bill a week late (as of 2018-01-01, events: 1, ties: 1): score 490; Bills paid on time: -60, bounds: 0; tier Poor; on no list; no perks; no sanctions; reasons R1
  A book <https://example.org/book>
"""  # noqa: E501 - as it is told


def test_a_policy_is_told_part_by_part() -> None:
    text = telling(loads(SOUND), "en")
    for line in PARTS.splitlines()[1:]:
        assert f"\n{line}\n" in f"\n{text}\n", line


ENGLISH_HEADS = ("Score", "Rules", "Lists", "Tiers", "Perks", "Sanctions", "Sources", "Announcements")


def test_in_chinese_no_heading_is_english() -> None:
    heads = [line for line in telling(loads(SOUND), "zh").splitlines() if line and not line.startswith(" ")]
    assert not set(heads) & set(ENGLISH_HEADS)
    assert heads[0] == "草案（draft 2024.1，虚拟世界：只用于虚构的人）"
    assert "  按事项" in telling(loads(SOUND), "zh")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("min: -150, max: 200", "min: -3", "History (history), together -3 points or more"),
        ("min: -150, max: 200", "max: 4", "History (history), together +4 points or less"),
        (", min: -150, max: 200", "", "History (history)"),
        ("    closed_after: 30d\n", "    closed_after: 1d\n", "closed by: “Released by a court”; 1 day after that"),
        ("    closed_after: 30d\n", "", "closed by: “Released by a court”"),
        ("    closed: court.released\n    closed_after: 30d\n", "", "closed by: nothing"),
        ("    expires: 730d\n", "", "never ends by itself"),
        ("key: matter", "key: party", "followed apart for each party"),
        ("    remedy: Pay.\n", "    remedy: Wait.\n", "how it ends: Wait."),
        ("notice: 7d\n    notice_working_days: 5", "notice: 0d", "notice: none, in force at once"),
        ("per: 1, min: -100, max: 0", "per: 0.5", "points: -50 for every full 0.5; never below -10000"),
        ("points: -50, per: 1, min: -100, max: 0", "points: 5", "points: +5 for every one; never above +10000"),
        ("[{points: 0}, {from: 700, points: 5}]", "[{points: 7}]", "points: always +7; nothing to read: 0"),
        ("take: mean, tie: friend", "take: count", "reads: how many ties there are"),
        ("opened: court.listed", "opened: court.*", "opened by: anything below “court”"),
        ("{score: 490", "{score: null", "1): no score; Bills paid on time: -60"),
    ],
)  # fmt: skip
def test_what_a_policy_says_otherwise_is_told_otherwise(old: str, new: str, said: str) -> None:
    lines = telling(loads(edited((old, new))), "en")
    assert re.search(rf"(^|; | ){re.escape(said)}($|; |, )", lines, re.MULTILINE), lines


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("{type: bill.paid, label: [a, b]}", "“Bill paid” with label a or b"),
        ("{type: [bill.paid, court.listed], source: s}", "“Bill paid” or “Listed by a court” with source s"),
        ("{type: bill.paid, party: p, matter: m}", "“Bill paid” with party p, matter m"),
        ("{type: bill.paid, amount: {min: 5}}", "“Bill paid” with amount (CNY fen) of 5 or more"),
        ("{type: bill.paid, value: {min: 5, max: 6}}", "“Bill paid” with value (days late) from 5 to 6"),
    ],
)
def test_a_filter_is_told_with_all_its_tests(test: str, said: str) -> None:
    measure = f"{{kind: count, of: {test}}}"
    text = telling(loads(edited(("{kind: share, among: bill.paid, of: {value: {max: 0}}}", measure))), "en")
    assert f"reads: how many events there are: {said}; from" in text


def test_the_words_of_both_languages_have_the_same_blanks() -> None:
    blanks = {
        lang: {word: {name for _, name, _, _ in Formatter().parse(text) if name} for word, text in words.items()}
        for lang, words in WORDS.items()
    }
    assert blanks["en"] == blanks["zh"]
