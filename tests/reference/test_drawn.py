"""Drawn policies and events: they run, they add up, the same question has the same answer, and nothing goes untried."""

from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from goodstanding.cases import failures
from goodstanding.policy import loads
from goodstanding.reference import reference
from goodstanding.testing import (
    AS_OF,
    DAY,
    Scoring,
    as_yaml,
    exercised,
    policies,
    scorings,
    seeded_world,
    shuffled,
    splits,
    unexercised,
    wide_policy,
    with_cases,
)

drawing = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
)


@drawing
@given(scorings(at_limits=True))
def test_base_and_every_point_and_every_bound_add_up_to_the_score(scoring: Scoring) -> None:
    least, most = scoring.document["score"]["min"], scoring.document["score"]["max"]
    for result in scoring.results().values():
        assert least <= result.adds_up_to <= most
        assert result.score in (result.adds_up_to, None)
        assert (result.score is None) == (result.own_score is None)


@drawing
@given(scorings())
def test_every_point_is_between_the_least_and_the_most_and_every_used_event_is_a_given_one(scoring: Scoring) -> None:
    given_events = {(event["source"], event["id"]) for event in scoring.events}
    for result in scoring.results().values():
        assert all(abs(points) <= 10_000 for points in result.points.values())
        assert all(len(set(used)) == len(used) and given_events.issuperset(used) for used in result.used.values())


@drawing
@given(st.data())
def test_order_of_rows_and_doubles_change_nothing(data: st.DataObject) -> None:
    scoring = data.draw(scorings())
    assert data.draw(shuffled(scoring)).results() == scoring.results()


@drawing
@given(st.data())
def test_splits_hold_every_row_once(data: st.DataObject) -> None:
    scoring = data.draw(scorings())
    files = data.draw(splits(scoring.events))
    assert sorted(repr(row) for file in files for row in file) == sorted(map(repr, scoring.events))


@pytest.mark.parametrize("world", ["synthetic", "live"])
@drawing
@given(data=st.data())
def test_a_drawn_policy_is_read_as_it_was_drawn_and_passes_its_drawn_cases(world: str, data: st.DataObject) -> None:
    document = data.draw(with_cases(data.draw(policies(world))))
    policy = loads(as_yaml(document))
    assert policy.document == document
    assert failures(policy) == []


def test_every_part_of_the_specification_is_exercised() -> None:
    seen: list[set[str]] = []

    @settings(drawing, max_examples=350, derandomize=True, deadline=None, database=None)
    @given(scorings())
    def draw(scoring: Scoring) -> None:
        seen.append(exercised(scoring))

    run: Callable[[], None] = draw
    run()
    assert unexercised(seen) == []


def test_what_was_never_exercised_is_told() -> None:
    assert "measure: ties" in unexercised([{"measure: count"}])
    assert "measure: count" not in unexercised([{"measure: count"}])


def test_a_seeded_world_is_the_same_each_time_and_a_wide_policy_scores_it() -> None:
    world = seeded_world(7, people=40, events_per_person=12)
    assert world == seeded_world(7, people=40, events_per_person=12)
    assert world != seeded_world(8, people=40, events_per_person=12)
    results = reference(wide_policy(45), world.events, as_of=AS_OF, people=world.people, ties=world.ties)
    assert list(results) == world.people
    assert all(len(result.points) == 45 and result.score == result.adds_up_to for result in results.values())
    assert max(event["time"] for event in world.events) <= AS_OF + 31 * DAY
