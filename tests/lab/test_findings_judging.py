"""No verdict is rounded up, and every finding says what it compares, in both languages."""

from dataclasses import replace
from math import inf, nan

import pytest

from goodstanding.document.kinds import Text
from goodstanding.lab.findings import FINDINGS, VERDICTS, Finding, Table, Trial, committed_digest, judge
from goodstanding.lab.findings.living import ARMS
from goodstanding.lab.findings.model import Band, Shown, Sign
from goodstanding.lab.findings.register import ARMS_OF, JUDGED, MORE, odds_less_one, older_more, stands_still
from goodstanding.lab.measures import Interval, interval
from goodstanding.lab.parameters import load

SEEDS = (1, 2, 3)


def table(**arms: dict[str, list[float]]) -> Table:
    """Figures by arm (`_` for a blank) and quantity; one a seed."""
    named = {name.replace("_", " "): quantities for name, quantities in arms.items()}
    values = {
        (arm, seed): {what: of[i] for what, of in quantities.items()}
        for arm, quantities in named.items()
        for i, seed in enumerate(SEEDS)
    }
    return Table(SEEDS, values)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.1, 0.3, "reproduced"),
        (-0.3, -0.1, "missed"),
        (-0.1, 0.3, "undecided"),
        (-0.004, 0.005, "missed"),  # holds 0, and nothing that would matter
        (-0.004, 0.006, "undecided"),
        (0.0, 0.3, "undecided"),
        (0.001, 0.002, "reproduced"),  # small, and on the published side
        (-inf, inf, "undecided"),
        (nan, nan, "undecided"),
    ],
)
def test_a_sign_is_reproduced_only_where_the_whole_interval_lies_on_its_side(
    low: float, high: float, verdict: str
) -> None:
    found = Interval((low + high) / 2, low, high, 5)
    assert Sign(1, 0.005).judge(found) == verdict
    assert Sign(-1, 0.005).judge(Interval(-found.mean, -high, -low, 5)) == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.07, 0.15, "reproduced"),
        (0.06, 0.16, "reproduced"),
        (0.05, 0.15, "undecided"),
        (0.01, 0.05, "missed"),
        (0.17, 0.3, "missed"),
        (0.0, 1.0, "undecided"),
        (-inf, inf, "undecided"),
        (nan, nan, "undecided"),
    ],
)
def test_a_band_is_reproduced_only_where_it_holds_the_whole_interval(low: float, high: float, verdict: str) -> None:
    assert Band(0.06, 0.16).judge(Interval((low + high) / 2, low, high, 5)) == verdict


def test_a_band_without_any_figure_is_undecided() -> None:
    assert Band(0.0, 1.0).judge(interval([])) == "undecided"
    assert Shown().judge(interval([])) == "shown"


def test_one_seed_decides_nothing() -> None:
    assert Sign(1).judge(interval([5.0])) == "undecided"
    assert Band(0.0, 10.0).judge(interval([5.0])) == "undecided"


def trial(rule: Sign | Band | Shown, quantity: str = "x") -> Trial:
    text = Text({"en": "a", "zh": "甲"})
    return Trial("T", text, text, "share", rule, lambda found: found.mean("arm", quantity))


def finding(*trials: Trial) -> Finding:
    return replace(FINDINGS[0], tests=trials, arms=("arm",))


STEADY = table(arm={"x": [0.10, 0.11, 0.12], "input": [0.3, 0.3, 0.3]})


@pytest.mark.parametrize(
    ("trials", "verdict"),
    [
        ((trial(Sign(1)),), "reproduced"),
        ((trial(Sign(1)), trial(Band(0.5, 0.6))), "missed"),
        ((trial(Sign(1)), trial(Band(0.11, 0.6))), "undecided"),
        ((trial(Band(0.11, 0.6)), trial(Sign(-1)), trial(Sign(1))), "missed"),
        ((trial(Shown()), trial(Sign(1))), "reproduced"),
    ],
)
def test_the_verdict_of_a_finding_is_the_worst_of_its_tests(trials: tuple[Trial, ...], verdict: str) -> None:
    assert judge(finding(*trials), STEADY).verdict == verdict


def test_where_an_input_is_off_nothing_is_judged() -> None:
    def given(found: Table) -> Interval:
        return found.mean("arm", "input")

    on = replace(finding(trial(Sign(1)), trial(Shown())), needs=(given, Band(0.2, 0.4)))
    assert judge(on, STEADY).verdict == "reproduced"
    off = judge(replace(on, needs=(given, Band(0.1, 0.2))), STEADY)
    assert off.verdict == "not_testable"
    assert [verdict for _, _, verdict in off.tests] == ["not_testable", "shown"]


def test_what_is_not_tested_says_so_and_asks_for_no_run() -> None:
    untested = {one.name: one.untested for one in FINDINGS if one.untested}
    assert untested == {"E5": "used", "E6": "used", "E7": "not_testable", "E8": "not_testable"}
    for one in FINDINGS:
        assert bool(one.tests) == bool(one.arms) == (one.untested is None)
        assert judge(one, Table((), {})).verdict == one.untested if one.untested else True


def test_the_findings_are_e1_to_e12_and_each_is_told_in_both_languages() -> None:
    assert [one.name for one in FINDINGS] == [f"E{number}" for number in range(1, 13)]
    for one in FINDINGS:
        texts = [one.title, one.published, one.compared, one.why]
        texts += [text for test in one.tests for text in (test.what, test.published)]
        for text in texts:
            assert set(text.said) == {"en", "zh"}
            assert all(said.strip() == said and said for said in text.said.values())
        assert len({test.name for test in one.tests}) == len(one.tests)


def test_every_finding_that_is_judged_has_arms_that_there_are() -> None:
    assert set(JUDGED) == set(ARMS_OF)
    assert set(MORE) <= {one.name for one in FINDINGS}
    assert {arm for arms in ARMS_OF.values() for arm in arms} == set(ARMS)


def test_every_verdict_has_its_words() -> None:
    assert all(text.in_("en") != text.in_("zh") for text in VERDICTS.values())


def test_the_parameters_are_those_that_were_committed_before_the_first_run() -> None:
    """Whoever changes one after it writes the new digest into the file, and says so in the commit."""
    assert committed_digest() == load().digest


def test_a_fall_is_a_share_of_what_the_other_arm_has_seed_by_seed() -> None:
    found = table(a={"x": [8.0, 9.0, 3.0]}, b={"x": [10.0, 10.0, 0.0]})
    assert found.falls("a", "b", "x")[:2] == pytest.approx([0.2, 0.1])
    assert found.difference("a", "b", "x") == interval([-2.0, -1.0, 3.0])
    assert found.mean("a", "y").seeds == 0


def test_an_odds_ratio_has_the_interval_of_its_logarithm() -> None:
    found = odds_less_one(table(listed={"log_odds": [0.0, 0.7, 1.4]}))
    known = interval([0.0, 0.7, 1.4])
    assert found.mean == pytest.approx(2.01375 - 1, abs=1e-3)
    assert (found.sign, known.sign) == (0, 0)
    assert odds_less_one(Table((1,), {("listed", 1): {"log_odds": 0.7}})).high == inf


def test_older_people_are_held_against_younger_ones_within_each_seed() -> None:
    names = [f"still owing of the {who}" for who in ("older", "younger")]
    found = table(
        board={names[0]: [0.5, 0.6, 0.7], names[1]: [0.8, 0.8, 0.8]},
        no_board={names[0]: [1.0, 1.0, 1.0], names[1]: [1.0, 1.0, 1.0]},
    )
    assert older_more(found).mean == pytest.approx(0.2)


def test_friendships_that_move_where_nobody_chooses_are_a_mistake() -> None:
    still = {"degree": [8.0, 8.1, 8.2], "alike": [0.1, 0.1, 0.1], "pieces": [1.0, 2.0, 3.0]}
    names = ("friends count, nobody chooses", "friends do not count, nobody chooses")
    values = {(arm, seed): {what: of[i] for what, of in still.items()} for arm in names for i, seed in enumerate(SEEDS)}
    stands_still(Table(SEEDS, values))
    moved = {**values, (names[0], 2): {**values[names[0], 2], "alike": 0.2}}
    with pytest.raises(AssertionError, match="alike moves by itself"):
        stands_still(Table(SEEDS, moved))
