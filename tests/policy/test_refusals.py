"""Everything that is said of a faulty document: each fault with its line and column, what was found and expected."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from goodstanding.errors import PolicyError
from goodstanding.policy import loads
from tests.policy.drafts import SOUND, edited, said

REFUSALS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("refusals.yaml").read_text(encoding="utf-8"))


def test_nothing_is_said_of_the_sound_draft() -> None:
    assert said(SOUND) == []


@pytest.mark.parametrize("refusal", REFUSALS, ids=[refusal["claim"] for refusal in REFUSALS])
def test_a_fault_is_told_with_its_place_and_nothing_else_is(refusal: dict[str, Any]) -> None:
    assert said(edited((refusal["old"], refusal["new"]))) == refusal["said"]


def test_the_faults_of_all_parts_are_told_at_once_in_the_order_of_the_document() -> None:
    changes = (
        ("base: 500", "base: high"),
        ("dimension: people", "dimension: peple"),
        ("title: Best, from: 700", "title: Best, from: 599"),
        ("    remedy: Pay.", "    remdy: Pay."),
        ("reasons: [R1]", "reasons: [R2]"),
    )
    lines = [line.split(":")[1] for line in said(edited(*changes))]
    assert lines == ["9", "51", "58", "68", "76", "87"]


def test_a_thousand_problems_are_listed_and_the_others_counted() -> None:
    line = "related: [{from: finance, to: court, why: So it is., sources: [{title: A law}]}]\n"
    each_with_three = "".join(f"  - {{nam{n}: x}}\n" for n in range(600))
    with pytest.raises(PolicyError) as caught:
        loads(edited((line, f"related:\n{each_with_three}")))
    assert len(caught.value.problems) == 1000
    assert caught.value.more == 600 * 3 - 1000
    assert str(caught.value).endswith("\n… and 800 more")


def test_a_document_that_is_no_mapping_is_refused() -> None:
    keys = "goodstanding, name, version, title, about, world, sources, score, dimensions, catalogue, lists, factors"
    rest = "tiers, perks, sanctions, related, refresh, dispute, calendar, announcements, cases"
    expected = f"p.yaml:1: column 1: the document is a list; expected a policy, a mapping with {keys}, {rest}"
    assert said("- 1") == [expected]


def test_a_group_that_is_missing_is_told_once_and_not_at_every_name() -> None:
    start, end = SOUND.index("dimensions:"), SOUND.index("catalogue:")
    expected = "a list: a dimension, a mapping with name, title, min, max"
    assert said(SOUND[:start] + SOUND[end:]) == [
        f"p.yaml:1: column 1: a policy has no 'dimensions'; expected {expected}",
    ]


def test_without_a_catalogue_no_filter_is_blamed() -> None:
    start, end = SOUND.index("catalogue:"), SOUND.index("lists:\n")
    assert len(said(SOUND[:start] + SOUND[end:])) == 1


def test_an_empty_catalogue_holds_no_type() -> None:
    start, end = SOUND.index("catalogue:"), SOUND.index("lists:\n")
    told = said(SOUND[:start] + "catalogue: []\n" + SOUND[end:])
    assert told[0] == (
        "p.yaml:12: column 42: unknown type 'bill.paid'; expected a type of the catalogue, or a prefix such as rail.*, "
        "which is empty"
    )
