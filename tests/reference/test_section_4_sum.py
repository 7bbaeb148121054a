"""Specification section 4, a claim a test: dimensions, bounds, enough to go on, ties and own scores, reasons."""

from decimal import Decimal
from typing import Any

import pytest

from goodstanding.reference import Result, reference
from goodstanding.testing import AS_OF, result_of, small_policy, table, tie_table

NEVER: dict[str, Any] = {"kind": "count", "of": "c"}


def gives(points: int, **factor: Any) -> dict[str, Any]:
    """A factor that gives these points to everyone."""
    return {"measure": NEVER, "points": {"bands": [{"points": points}]}, **factor}


def score(base: int = 0, least: int = -1000, most: int = 1000, **more: Any) -> dict[str, Any]:
    return {"base": base, "min": least, "max": most, **more}


def dimensions(**bounds: dict[str, int]) -> list[dict[str, Any]]:
    return [{"name": name, "title": name, **held} for name, held in bounds.items()]


# --- The sum ----------------------------------------------------------------------------------------------------------


def test_a_score_is_base_and_all_points() -> None:
    assert result_of(small_policy(gives(7), gives(-20), score=score(550))).score == 537


def test_a_dimension_is_held_within_its_max_and_its_min() -> None:
    policy = small_policy(
        gives(70, dimension="x"),
        gives(-70, dimension="y"),
        gives(70, dimension="z"),
        dimensions=dimensions(x={"max": 50}, y={"min": -30}, z={}),
    )
    result = result_of(policy)
    assert result.bounds == {"bounds.x": -20, "bounds.y": 40, "bounds.z": 0, "bounds": 0}
    assert result.score == 90


def test_only_the_sum_of_a_dimension_is_held() -> None:
    policy = small_policy(gives(70), gives(-40), dimensions=dimensions(d={"max": 50}))
    assert result_of(policy).bounds["bounds.d"] == 0


def test_a_dimension_without_factors_is_held_too() -> None:
    policy = small_policy(gives(1), dimensions=dimensions(d={}, e={"min": 5}))
    assert (result_of(policy).bounds["bounds.e"], result_of(policy).score) == (5, 6)


@pytest.mark.parametrize(("points", "held"), [(2000, -1200), (-2000, 1300)])
def test_the_score_is_held_within_its_bounds(points: int, held: int) -> None:
    result = result_of(small_policy(gives(points), score=score(100, -600, 900)))
    assert result.bounds["bounds"] == held
    assert result.adds_up_to == result.score == 100 + points + held


# --- Enough to go on --------------------------------------------------------------------------------------------------


def requiring(*requires: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return small_policy({"measure": {"kind": "count", "of": "a"}}, score=score(requires=list(requires)), **parts)


TWO_OF_A = {"measure": {"kind": "count", "of": "a"}, "min": 2}


def test_a_measure_at_its_min_is_enough() -> None:
    assert result_of(requiring(TWO_OF_A), "id\n e1\n e2").score == 2


def test_below_its_min_there_is_no_score_no_own_score_and_no_tier() -> None:
    result = result_of(requiring(TWO_OF_A, tiers=[{"name": "t", "title": "T"}]), "id\n e1")
    assert (result.score, result.own_score, result.tier) == (None, None, None)


def test_a_measure_that_is_nothing_is_not_enough_whatever_its_min() -> None:
    latest = {"measure": {"kind": "latest", "of": "a", "field": "value"}, "min": -1000}
    assert result_of(requiring(latest)).score is None
    assert result_of(requiring(latest), "value\n -1000").score == 1


def test_a_decimal_min_is_compared_exactly() -> None:
    share = {"measure": {"kind": "share", "among": "a", "of": {"value": {"max": 0}}}, "min": Decimal("0.3333")}
    assert result_of(requiring(share), "value\n 0\n 1\n 1").score == 3
    assert result_of(requiring({**share, "min": Decimal("0.3334")}), "value\n 0\n 1\n 1").score is None


def test_a_required_measure_has_a_window() -> None:
    assert result_of(requiring({**TWO_OF_A, "window": "2d"}), "time\n -1d\n -2d").score is None


def test_all_that_is_required_must_be_there() -> None:
    assert result_of(requiring(TWO_OF_A, {"measure": NEVER, "min": 1}), "id\n e1\n e2").score is None


def test_the_contributions_are_given_without_a_score_all_the_same() -> None:
    result = result_of(requiring(TWO_OF_A, dimensions=dimensions(d={"min": 5})), "id\n e1")
    assert (result.points, result.bounds, result.base) == ({"f1": 1}, {"bounds.d": 4, "bounds": 0}, 0)


def test_without_a_score_no_perk_is_open_whatever_its_conditions() -> None:
    lists = [{"name": "l", "title": "L", "opened": "b"}]
    perk = {"name": "k", "title": "K", "giver": "G", "when": {"not_on": ["l"]}}
    assert result_of(requiring(TWO_OF_A, lists=lists, perks=[perk]), "id\n e1").perks == []
    assert result_of(requiring(TWO_OF_A, lists=lists, perks=[perk]), "id\n e1\n e2").perks == ["k"]


def test_without_a_score_no_below_holds_and_on_still_does() -> None:
    lists = [{"name": "l", "title": "L", "opened": "a"}]
    sanctions = [
        {"name": "low", "title": "Low", "actions": [], "when": {"below": 900}},
        {"name": "listed", "title": "Listed", "actions": [], "when": {"on": ["l"], "below": 900}},
    ]
    assert result_of(requiring(TWO_OF_A, lists=lists, sanctions=sanctions), "id\n e1").sanctions == {
        "listed": "in_force"
    }


# --- Ties -------------------------------------------------------------------------------------------------------------


def tied(
    take: str, ties: str, events: str = "person | value\n p | 10\n q | 30\n r | 70", **asked: Any
) -> dict[str, Result]:
    policy = small_policy(
        {"measure": {"kind": "sum", "of": "a", "field": "value"}},
        {"measure": {"kind": "ties", "take": take}, "points": {"each": {"points": 1000}}},
        score=score(0, -(10**6), 10**6, **asked.pop("required", {})),
    )
    return reference(policy, table(events), as_of=AS_OF, ties=tie_table(ties), **asked)


def test_a_tie_has_no_direction() -> None:
    results = tied("max", "a | b\n p | q")
    assert (results["p"].measures["f2"], results["q"].measures["f2"]) == ((30, 1), (10, 1))


@pytest.mark.parametrize(
    ("since", "until", "counts"), [("0d", "", 1), ("0d+1", "", 0), ("-9d", "0d", 0), ("-9d", "0d+1", 1)]
)
def test_a_tie_counts_from_since_until_before_until(since: str, until: str, counts: int) -> None:
    assert tied("count", f"a | b | since | until\n p | q | {since} | {until}")["p"].measures["f2"] == (counts, 1)


def test_the_same_pair_and_kind_twice_counts_once_either_way_round() -> None:
    assert tied("mean", "a | b | kind\n p | q | x\n q | p | x\n p | r | x")["p"].measures["f2"] == (100, 2)


def test_a_tie_that_ended_and_began_again_counts_once() -> None:
    assert tied("count", "a | b | since | until\n p | q | -9d | -5d\n p | q | -4d |")["p"].measures["f2"] == (1, 1)


def test_two_persons_joined_by_two_kinds_have_two_ties_and_null_is_a_kind() -> None:
    assert tied("count", "a | b | kind\n p | q | x\n p | q | y\n p | q |")["p"].measures["f2"] == (3, 1)


def test_a_tie_to_oneself_does_not_count() -> None:
    assert tied("count", "a | b\n p | p")["p"].measures["f2"] == (0, 1)


def test_a_tie_to_someone_outside_the_population_does_not_count() -> None:
    assert tied("count", "a | b\n p | stranger\n stranger | p")["p"].measures["f2"] == (0, 1)
    assert tied("count", "a | b\n p | q", people=["p", "r"])["p"].measures["f2"] == (0, 1)


def test_a_person_without_an_own_score_does_not_count_for_others_and_keeps_their_own_ties() -> None:
    requires = [{"measure": {"kind": "sum", "of": "a", "field": "value"}, "min": 30}]
    results = tied("count", "a | b\n p | q\n q | r", required={"requires": requires})
    assert results["p"].score is None
    assert {person: result.measures["f2"] for person, result in results.items()} == {
        "p": (1, 1),
        "q": (1, 1),
        "r": (1, 1),
    }


def test_an_own_score_leaves_out_ties_and_a_ties_factor_reads_own_scores_never_final_ones() -> None:
    results = tied("max", "a | b\n p | q")
    assert (results["p"].own_score, results["p"].score) == (10, 10 + 10_000)  # 1000 × 30, held within 10,000
    assert results["q"].measures["f2"] == (10, 1)


def test_bounds_apply_to_own_scores_too() -> None:
    policy = small_policy(
        gives(90),
        gives(40, measure={"kind": "ties", "take": "count"}),
        dimensions=dimensions(d={"max": 60}),
        score=score(5, 0, 50),
    )
    result = result_of(policy)
    assert result.own_score == 50
    negative = small_policy(
        gives(90),
        gives(-80, measure={"kind": "ties", "take": "count"}),
        dimensions=dimensions(d={"max": 60}),
        score=score(5, 0, 50),
    )
    assert (result_of(negative).own_score, result_of(negative).score) == (50, 15)


# --- Reasons ----------------------------------------------------------------------------------------------------------


def loses(loss: int, code: str | None) -> dict[str, Any]:
    """A factor that everyone loses so much on."""
    reason = {} if code is None else {"reason": {"code": code, "text": code}}
    return {"measure": NEVER, "points": {"bands": [{"points": 0}, {"from": 1, "points": loss}]}, **reason}


def reasons(*losses: tuple[int, str | None]) -> list[str]:
    return result_of(small_policy(*(loses(loss, code) for loss, code in losses))).reasons


def test_reasons_are_ordered_by_loss_greatest_first() -> None:
    assert reasons((5, "A"), (9, "B"), (7, "C")) == ["B", "C", "A"]


def test_equal_losses_keep_the_policys_order() -> None:
    assert reasons((5, "B"), (5, "A"), (5, "C")) == ["B", "A", "C"]


def test_there_are_at_most_four_reasons() -> None:
    assert reasons((1, "A"), (2, "B"), (3, "C"), (4, "D"), (5, "E")) == ["E", "D", "C", "B"]


def test_a_code_that_several_factors_have_is_given_once_for_its_greatest_loss() -> None:
    assert reasons((5, "A"), (7, "B"), (9, "A")) == ["A", "B"]
    assert reasons((9, "A"), (8, "A"), (7, "A"), (6, "A"), (5, "B")) == ["A", "B"]


def test_a_shared_code_stands_where_the_factor_that_lost_most_does() -> None:
    assert reasons((5, "A"), (9, "B"), (9, "A")) == ["B", "A"]


def test_a_factor_that_lost_nothing_or_has_no_reason_gives_none() -> None:
    assert reasons((0, "A"), (5, None)) == []


def test_a_loss_is_the_most_less_what_was_given() -> None:
    measure = {"kind": "latest", "of": "a", "field": "value"}
    reason = {"code": "A", "text": "A"}
    held = small_policy({"measure": measure, "points": {"each": {"points": 1, "max": 3}}, "reason": reason})
    assert result_of(held, "value\n 3").reasons == []
    assert result_of(held, "value\n 2").reasons == ["A"]
    none = small_policy({"measure": measure, "points": {"bands": [{"points": 3}], "none": 4}, "reason": reason})
    assert result_of(none, "value\n 3").reasons == ["A"]
    assert result_of(none).reasons == []


def test_reasons_are_given_without_a_score_too() -> None:
    policy = small_policy(loses(5, "A"), score=score(requires=[{"measure": NEVER, "min": 1}]))
    assert result_of(policy).reasons == ["A"]
