"""A society lives the same on any number of threads, and lives as if nobody scored it where nobody answers."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from goodstanding.lab.city.arrays import FALSE_FRIEND, STILL, Tally
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.society import ENROLMENTS, MECHANISMS, NO_SCORE, Rule, Snapshot, Society, Variant
from goodstanding.lab.society.mechanisms.base import register
from goodstanding.policy import Policy
from goodstanding.policy import load as load_policy
from goodstanding.scoring import score
from goodstanding.standing import IN_FORCE
from goodstanding.ties import Ties
from tests.lab.society_made import (
    ALL_OFF,
    NATIONAL,
    RAIL,
    SESAME,
    Watched,
    a_city,
    all_happened,
    columns_of,
    society,
)

MONTHS = 4
NOT_OF_LIVING = {
    "listed_months", "sanctioned_months", "wrong_months", "noticed_wrong", "disputed", "corrected", "looked",
}  # fmt: skip
"""What a tally says of standing and records."""


def test_the_register_holds_all_mechanisms_and_none_twice() -> None:
    assert set(MECHANISMS) == set(ALL_OFF)
    with pytest.raises(ValueError, match="two mechanisms 'effort'"):
        register(MECHANISMS["effort"])


@pytest.mark.parametrize("name", sorted(MECHANISMS))
def test_a_mechanism_says_what_it_is_in_two_languages_and_names_numbers_that_there_are(name: str) -> None:
    mechanism = MECHANISMS[name]
    numbers = a_city(10).parameters
    assert set(mechanism.title) == set(mechanism.about) == {"en", "zh"}
    assert mechanism.parameters
    assert all(parameter in numbers.named for parameter in mechanism.parameters)


def lived(policies: Sequence[Policy], variant: Variant | None = None, **named: int) -> tuple[Watched, Tally]:
    one = society(policies, variant=variant, **named)
    one.run(MONTHS)
    return one, one.tally


def test_with_all_mechanisms_off_the_same_things_happen_as_without_any_score() -> None:
    off = Variant(ALL_OFF)
    free, free_tally = lived([])
    for policies in ([SESAME], [NATIONAL], [NATIONAL, SESAME, RAIL]):
        scored, tally = lived(policies, off)
        assert all_happened(scored) == all_happened(free)
        assert columns_of(scored.commons.circle.edges) == columns_of(free.commons.circle.edges)
        assert columns_of(scored.state) == columns_of(free.state)
        mine, theirs = columns_of(tally), columns_of(free_tally)
        assert {name for name in mine if mine[name] != theirs[name]} <= NOT_OF_LIVING


def test_with_mechanisms_on_the_score_changes_what_happens() -> None:
    scored, _ = lived([NATIONAL])
    free, _ = lived([])
    assert all_happened(scored) != all_happened(free)


@pytest.mark.compiled
def test_one_thread_and_two_live_the_same_bytes() -> None:
    runs = []
    for threads in (1, 2):
        one = Watched(a_city(20_000), [Rule("national", NATIONAL), Rule("sesame", SESAME, "asked")], threads=threads)
        history = one.run(3)
        runs.append((one, history))
    (one, first), (two, second) = runs
    assert all_happened(one) == all_happened(two)
    for name in first.scores:
        assert first.scores[name].tobytes() == second.scores[name].tobytes()
    assert columns_of(one.tally) == columns_of(two.tally)
    assert columns_of(one.commons.circle.edges) == columns_of(two.commons.circle.edges)


def test_a_month_can_be_looked_at_before_anybody_answers_it() -> None:
    one = society([NATIONAL])
    shown = one.step()
    assert shown.month == 0
    assert (shown.dispositions.voice == 1).all()
    one.step()
    assert (one.commons.dispositions.voice < 1).any()


def test_history_is_what_was_seen() -> None:
    one = society([SESAME])
    seen: list[Snapshot] = []
    scores, flags, defaults = [], [], [one.tally.defaults + one.tally.listings]

    def look(shown: Snapshot) -> None:
        seen.append(shown)
        here = shown.seen[0]
        has = here.enrolled & here.scores.given
        scores.append(np.where(has, here.scores.score, NO_SCORE))
        flags.append(here.enrolled & (here.standing.sanctions == IN_FORCE).any(axis=0))
        defaults.append(shown.tally.defaults + shown.tally.listings)

    history = one.run(MONTHS, look)
    assert [shown.month for shown in seen] == list(range(MONTHS))
    assert np.array_equal(history.scores["sesame"], scores)
    assert np.array_equal(history.sanctioned["sesame"], flags)
    assert np.array_equal(history.defaulted, np.diff(np.array(defaults), axis=0) > 0)


def test_months_of_warming_up_are_lived_and_not_scored() -> None:
    warmed = society([NATIONAL], warm_up=3)
    history = warmed.run(2)
    assert warmed.month == 5
    assert history.scores["national"].shape[0] == 2
    free, _ = lived([])
    assert all_happened(warmed)[: 7 * 3] == all_happened(free)[: 7 * 3]
    assert (warmed.tally.listed_months <= 2).all()


def test_scores_are_those_of_the_engine_by_the_names_of_the_ties() -> None:
    one = society([SESAME], variant=Variant({"false_friends": False}))
    one.run(2)
    shown = one.step()
    book = one.record.book() if one.record else None
    assert book is not None
    edges = shown.edges
    lasts = edges.until == STILL
    kinds = np.where(edges.kind == 1, "kin", "friend")
    ties = Ties.of(
        {"a": book.people[int(a)].as_py(), "b": book.people[int(b)].as_py(), "since": 0, "kind": str(kind)}
        for a, b, kind in zip(edges.a[lasts], edges.b[lasts], kinds[lasts], strict=True)
    )
    expected = score(SESAME, book, as_of=month_start(3), ties=ties)
    assert np.array_equal(shown.seen[0].scores.score, expected.score)
    assert np.array_equal(shown.seen[0].scores.points, expected.points)


def test_false_friends_are_no_residents_and_have_files_of_their_own() -> None:
    city = a_city(2_000, behaviour_gaming__gamers_of_score=0.3)
    one = Society(city, [Rule("sesame", SESAME)])
    one.run(2)
    shown = one.step()
    false = shown.edges.kind == FALSE_FRIEND
    assert false.any()
    assert (shown.edges.b[false] >= city.residents).all()
    assert (shown.edges.a[false] < city.residents).all()
    assert len(shown.seen[0].scores) == city.residents
    accounts = one.commons.account_scores[0]
    assert accounts.size == 10
    assert (accounts > np.median(shown.seen[0].scores.own_score)).all()
    assert one.tally.false_friends.sum() == (shown.edges.kind == FALSE_FRIEND).sum()
    assert (one.tally.spent_on_score[one.tally.false_friends > 0] > 0).all()


def test_there_are_no_accounts_where_their_friendship_is_worth_nothing() -> None:
    assert society([RAIL]).commons.accounts == 0
    assert society([SESAME], variant=Variant({"false_friends": False})).commons.accounts == 0
    assert society([SESAME], 300).commons.accounts > 0


def test_a_score_that_is_fed_reaches_the_other_scorer_a_month_later() -> None:
    off = Variant(ALL_OFF)
    rules = [Rule("sesame", SESAME, feeds="national"), Rule("national", NATIONAL)]
    fed = Society(a_city(), rules, off)
    alone = Society(a_city(), [Rule("sesame", SESAME), Rule("national", NATIONAL)], off)
    platform = [factor.name for factor in NATIONAL.factors].index("platform")
    first, first_alone = fed.step(), alone.step()
    assert np.array_equal(first.seen[1].scores.points, first_alone.seen[1].scores.points)
    sesame = first.seen[0].scores.score.copy()
    second = fed.step()
    points = NATIONAL.factors[platform].points
    assert second.seen[1].scores.points[platform].tolist() == [
        points.of_number(Fraction(int(number))) for number in sesame
    ]
    assert (alone.step().seen[1].scores.points[platform] == points.none).all()


def test_scorers_have_different_names_and_feed_one_that_is_there() -> None:
    city = a_city(10)
    with pytest.raises(ValueError, match="two scorers of one name among sesame, sesame"):
        Society(city, [Rule("sesame", SESAME), Rule("sesame", SESAME)])
    with pytest.raises(ValueError, match="nobody is to be fed"):
        Society(city, [Rule("sesame", SESAME, feeds="nobody")])
    with pytest.raises(ValueError, match="enrolment is 'forced'; expected one of all, ticked, asked"):
        Rule("sesame", SESAME, "forced")
    assert ENROLMENTS[0] == "all"


def test_the_kind_of_a_fed_score_is_the_scorer_s_own() -> None:
    kinds = {Rule(name, SESAME).fed_kind for name in ("sesame", "scorer-b", "scorer-h")}
    assert len(kinds) == 3
    assert Rule("scorer-a", SESAME).fed_kind == Rule("sesame", SESAME).fed_kind


def test_who_is_asked_and_says_no_is_not_scored_and_who_overlooks_a_box_does_not_know() -> None:
    city = a_city(3_000)
    shares = {}
    for enrolment in ENROLMENTS:
        one = Society(city, [Rule("sesame", SESAME, enrolment)])
        shares[enrolment] = (one.commons.enrolled[0].mean(), one.commons.knows[0].mean())
    assert shares["all"] == (1, 1)
    assert shares["asked"][0] == pytest.approx(0.8, abs=0.03)
    assert shares["asked"][1] == 1
    assert 0.97 < shares["ticked"][0] < 1
    assert shares["ticked"][1] < 0.25
    untold = Society(city, [Rule("sesame", SESAME)], Variant(told=False))
    assert untold.commons.knows[0].mean() == pytest.approx(0.11, abs=0.03)


def test_a_policy_with_requirements_says_nothing_of_who_has_too_little_on_file() -> None:
    credit = load_policy("consumer-credit")
    one = Society(a_city(400), [Rule("consumer-credit", credit)])
    history = one.run(2)
    assert (history.scores["consumer-credit"] == NO_SCORE).any()
    assert (history.tiers["consumer-credit"] == -1).any()
