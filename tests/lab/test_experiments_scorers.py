"""The seven invented scorers: sound policies that say they are invented, read a city, and speak two languages."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goodstanding.cases import failures
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.experiments.shelf import scorers
from goodstanding.lab.society.stakes import CLOSES
from goodstanding.policy import Policy, load, shipped

LETTERS = "bcdefgh"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TEXTS = {"title", "about", "giver", "remedy", "text"}

every_scorer = pytest.mark.parametrize("path", scorers().values(), ids=list(scorers()))


def texts(value: Any, key: str = "") -> Iterator[Any]:
    """Every text of a document that people read, but for those of its sources and cases."""
    if key in TEXTS:
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in {"sources", "cases"}:
                yield from texts(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def test_there_are_seven_named_by_letters_beside_the_shipped_policies() -> None:
    assert list(scorers()) == [f"scorer-{letter}" for letter in LETTERS]
    assert not set(scorers()) & set(shipped())


@every_scorer
def test_it_is_sound_and_proves_itself(path: Path) -> None:
    policy = load(path)
    assert (policy.name, policy.world) == (path.stem, "synthetic")
    assert failures(policy) == []


@every_scorer
def test_its_cases_show_every_factor_tier_list_perk_and_sanction(path: Path) -> None:
    policy = load(path)
    shown: dict[str, set[str]] = {"factors": set(), "tiers": set(), "lists": set(), "perks": set(), "sanctions": set()}
    for case in policy.cases:
        shown["factors"] |= {factor for factor, points in case.expect.get("points", {}).items() if points}
        shown["tiers"] |= {str(case.expect.get("tier"))}
        for part in ("lists", "perks", "sanctions"):
            shown[part] |= set(case.expect.get(part, ()))
    missing = {part: {one.name for one in getattr(policy, part)} - names for part, names in shown.items()}
    assert missing == {part: set() for part in shown}


@every_scorer
def test_it_says_that_it_is_invented_in_both_languages(path: Path) -> None:
    policy = load(path)
    assert policy.about is not None
    assert "Invented, like no real firm" in policy.about.in_("en")
    assert "虚构机构，不指任何真实企业" in policy.about.in_("zh")
    assert all(str(source.title).startswith("assumption: ") and source.url is None for source in policy.sources)


@every_scorer
def test_every_text_is_there_in_english_and_chinese(path: Path) -> None:
    for text in texts(load(path).document):
        assert set(text) == {"en", "zh"}, text
        assert CHINESE.search(text["zh"]), text


@every_scorer
def test_every_type_that_it_reads_happens_in_a_city(path: Path) -> None:
    assert load(path).catalogue.keys() <= {type_ for type_, _, _ in KINDS}


@every_scorer
def test_everything_that_it_refuses_closes_something(path: Path) -> None:
    refused = {action for sanction in load(path).sanctions for action in sanction.actions}
    assert refused <= CLOSES.keys()


def test_no_two_of_them_weigh_alike() -> None:
    policies: list[Policy] = [load(path) for path in scorers().values()]
    ranges = [(one.base, one.least, one.most, tuple(factor.name for factor in one.factors)) for one in policies]
    assert len(set(ranges)) == len(ranges)
