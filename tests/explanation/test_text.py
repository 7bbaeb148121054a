"""An explanation in words: points that add up, and the standing with what is lacking and what to do."""

from __future__ import annotations

import re
from typing import Any

import pytest

from goodstanding.book import Book
from goodstanding.explanation import Explanation, as_text, explain
from goodstanding.explanation.words import WORDS
from goodstanding.policy import loads
from goodstanding.testing import AS_OF, as_yaml, small_policy, table

EVENTS = """
id | type | time | label
b1 | a    | -40d |
b2 | a    | -30d |
b3 | a    | -20d |
b4 | a    | -10d | blue
"""
DOCUMENT: dict[str, Any] = {
    "dimensions": [
        {"name": "d", "title": {"en": "Dee", "zh": "丁"}, "min": -5, "max": 3},
        {"name": "e", "title": "Ee", "max": 0},
        {"name": "g", "title": "Gee", "min": 2},
        {"name": "h", "title": "Empty"},
    ],
    "lists": [
        {"name": "listed", "title": {"en": "Listed", "zh": "名单"}, "opened": "a"},
        {"name": "other", "title": "Other", "opened": "b"},
    ],
    "tiers": [{"name": "low", "title": {"en": "Low", "zh": "低"}}, {"name": "high", "title": "High", "from": 8}],
    "perks": [
        {"name": "open", "title": "Open door", "giver": "shop", "when": {"score": 1}},
        {"name": "dear", "title": "Dear door", "giver": {"en": "bank", "zh": "银行"}, "when": {"score": 50}},
        {"name": "both", "title": "Both", "giver": "shop", "when": {"tiers": ["high", "low"], "not_on": ["listed"]}},
    ],
    "sanctions": [
        {
            "name": "out",
            "title": {"en": "Out", "zh": "出局"},
            "actions": ["rail.buy_ticket", "air.buy_ticket"],
            "when": {"on": ["listed"]},
            "notice": "365d",
            "remedy": {"en": "Pay.", "zh": "付款。"},
        },
        {"name": "gone", "title": "Gone", "actions": ["x"], "when": {"on": ["listed"]}},
    ],
}
FACTORS = (
    {"measure": {"kind": "count", "of": "a"}, "reason": {"code": "R1", "text": {"en": "Few", "zh": "少"}}},
    {"measure": {"kind": "count", "of": "a"}, "dimension": "e"},
    {"measure": {"kind": "count", "of": "b"}, "dimension": "g"},
    {"measure": {"kind": "share", "among": "a", "of": {"value": {"max": 0}}}, "dimension": "g"},
    {"measure": {"kind": "decayed", "of": "a", "half_life": "10d"}, "dimension": "g"},
    {"measure": {"kind": "latest", "of": "a", "field": "label"}, "points": {"labels": {"x": 0}}, "dimension": "g"},
    {"measure": {"kind": "mean", "of": "c", "field": "value"}, "dimension": "g"},
)


def explained(lang: str = "en", **parts: Any) -> Explanation:
    document = small_policy(*FACTORS, **{**DOCUMENT, "score": {"base": 0, "min": 0, "max": 4}, **parts})
    return explain(loads(as_yaml(document)), Book.of(table(EVENTS)), "p", as_of=AS_OF, lang=lang)


@pytest.mark.parametrize("lang", WORDS)
def test_the_points_of_the_lines_add_up_to_the_last_one(lang: str) -> None:
    text = as_text(explained(lang)).split("\n\n" + {"en": "What", "zh": "失分"}[lang])[0]
    numbers = [int(found) for found in re.findall(r"^ *([+-]?\d+)  ", text, re.MULTILINE)]
    assert sum(numbers[:-1]) == numbers[-1] == 4


def test_the_text_says_all_there_is() -> None:
    text = as_text(explained())
    for said in (
        "p under ",
        "Score 4 · tier Low",
        "    -1    held within -5 and 3",
        "    -4    held at 0 or less",
        "    +2    held at 2 or more",
        "The whole, held within 0 and 4",
        "s/b1, s/b2, s/b3 … and 1 more",
        ": ≈ 0.94",
        ": blue\n",
        ": 0/4\n",
        ": –\n",
        "R1  Few",
        "Listed, since ",
        "Perks open\n  Open door, by shop",
        "Dear door, by bank: from 50 points",
        "Both, by shop: not while on the list Listed",
        "Out: announced, not yet in force",
        "Gone: in force",
        "closes rail.buy_ticket, air.buy_ticket",
        "how it ends: Pay.",
    ):
        assert said in text, said
    assert "Empty" not in text


def test_the_text_says_it_in_chinese() -> None:
    text = as_text(explained("zh"))
    for said in (
        "分数4 · 等级：低",
        "丁",
        "限于-5至3",
        "名单，自",
        "Dear door（银行）：需50分以上",
        "出局：已告知，尚未生效",
        "如何解除：付款。",
    ):
        assert said in text, said


def test_every_event_is_named_where_asked_for() -> None:
    assert "s/b1, s/b2, s/b3, s/b4\n" in as_text(explained(), every_event=True)


def test_without_a_score_that_is_said_and_every_perk_needs_one() -> None:
    requires = [{"measure": {"kind": "count", "of": "c"}, "min": 1}]
    text = as_text(explained(score={"base": 0, "min": 0, "max": 4, "requires": requires}))
    assert "No score: there is not enough on record to go on" in text
    assert "Sum of the lines; no score is given" in text
    assert "Dear door, by bank: for people who have a score" in text


def test_a_perk_for_tiers_names_them() -> None:
    perks = [{"name": "k", "title": "K", "giver": "g", "when": {"tiers": ["high"]}}]
    assert "K, by g: for tier High" in as_text(explained(perks=perks))


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    blanks = {
        lang: {word: set(re.findall(r"\{+\w+\}+", text)) for word, text in words.items()}
        for lang, words in WORDS.items()
    }
    assert blanks["en"].keys() == blanks["zh"].keys()
    assert blanks["en"] == blanks["zh"]
