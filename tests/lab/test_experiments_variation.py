"""A varied policy is the policy without some rules, or with other numbers, and is held to all that a written one is."""

from decimal import Decimal

import pytest

from goodstanding.cases import failures
from goodstanding.errors import CharterError, PolicyError
from goodstanding.lab.experiments.variation import VariationError, numbers, varied
from goodstanding.policy import load, shipped
from goodstanding.policy.compare import compare

SESAME = load("sesame")


def test_a_dimension_leaves_with_all_its_factors_and_nothing_else() -> None:
    without = varied(SESAME, "without", ["connections"])
    gone = {factor.name for factor in SESAME.factors if factor.dimension == "connections"}
    assert {factor.name for factor in SESAME.factors} - {factor.name for factor in without.factors} == gone
    assert [one.name for one in without.dimensions] == ["history", "ability", "behaviour", "identity"]
    assert (without.tiers, without.perks, without.sanctions) == (SESAME.tiers, SESAME.perks, SESAME.sanctions)


def test_a_factor_leaves_alone() -> None:
    without = varied(SESAME, "without", ["games", "nappies"])
    assert [one.name for one in SESAME.factors if one not in without.factors] == ["games", "nappies"]
    assert without.dimensions == SESAME.dimensions


def test_numbers_and_spans_are_changed_where_the_path_says() -> None:
    path = "factors.games.points.bands[2].points"
    changed = varied(SESAME, "changed", (), {path: -7, "factors.games.window": "30d", "score.base": 560})
    rules = [one.path for one in compare(SESAME, changed) if not one.path.startswith("cases")]
    assert sorted(rules) == sorted([path, "factors.games.window", "name", "score.base"])
    assert numbers(changed.document)[path] == -7
    assert changed.base == 560


def test_the_policy_itself_stays_as_it_was() -> None:
    digest = SESAME.digest
    varied(SESAME, "changed", ["connections"], {"score.base": 560})
    assert (load("sesame").digest, SESAME.document["score"]["base"]) == (digest, 550)


def test_what_was_said_aloud_of_a_rule_that_is_gone_is_said_no_more() -> None:
    national = load("national")
    spoken = next(one for one in national.announcements if one.factors)
    without = varied(national, "without", [spoken.factors[0]])
    assert spoken.name not in {one.name for one in without.announcements}


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_policy_can_be_varied_and_its_cases_claim_nothing_any_more(name: str) -> None:
    policy = load(name)
    changed = varied(policy, "changed", [policy.factors[0].name])
    assert len(changed.cases) == len(policy.cases)
    assert failures(changed) == []
    assert (changed.name, changed.world) == ("changed", policy.world)


def test_numbers_are_found_by_the_paths_that_the_difference_of_two_policies_writes() -> None:
    found = numbers({"score": {"base": 1}, "factors": [{"name": "f", "points": {"bands": [{"points": 2}]}}]})
    assert found == {"score.base": 1, "factors.f.points.bands[0].points": 2}
    assert numbers({"goodstanding": 1, "cases": [{"name": "c", "expect": {"score": 3}}]}) == {}
    assert numbers({"a": {"b": Decimal("0.5"), "c": "30d", "d": "text", "e": True, "f": None}}) == {
        "a.b": Decimal("0.5"),
        "a.c": "30d",
    }


def test_a_name_that_the_policy_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(VariationError) as caught:
        varied(SESAME, "without", ["connection"])
    assert (caught.value.key, caught.value.hint) == ("connection", "did you mean 'connections'?")


def test_a_path_without_a_number_is_refused_with_the_nearest() -> None:
    with pytest.raises(VariationError) as caught:
        varied(SESAME, "changed", (), {"score.bases": 3})
    assert (caught.value.key, caught.value.hint) == ("score.bases", "did you mean 'score.base'?")


def test_a_number_that_makes_no_policy_is_refused() -> None:
    with pytest.raises(PolicyError, match="expected base ≤ max"):
        varied(SESAME, "changed", (), {"score.base": 951})


def test_a_live_policy_cannot_be_varied_out_of_the_charter() -> None:
    with pytest.raises(CharterError, match="clause 4"):
        varied(load("rail-2018"), "changed", (), {"sanctions.no_ticket_conduct.notice": "0d"})
