"""A sweep: points over a range or a hypercube, the conclusions that survive, and what they hang on."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet

from goodstanding.errors import UsageError
from goodstanding.lab.experiments.model import Experiment
from goodstanding.lab.experiments.surviving import sweep
from goodstanding.lab.experiments.sweeping import Over, Point, assumptions, changed, grid, latin, like, rounded
from tests.lab.experiments import KNOWN, quiet, read, written
from tests.lab.made_cells import failing, made

POLICIES = "[{policy: sesame, as: one}, {policy: national, as: second}]"


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return read(
        written(
            "variants: [{name: a, scorers: [scorer-b]}]",
            policies=POLICIES,
            seeds="3",
            city="{residents: 40, months: 2}",
        )
    )


def swept(experiment: Experiment, points: list[Point], out: Path, **how: Any) -> dict[str, list[dict[str, Any]]]:
    sweep(experiment, points, out, cores=1, step=quiet, **{"work": made, **how})
    return {path.stem: parquet.read_table(path).to_pylist() for path in out.glob("*.parquet")}


def test_a_range_is_read_with_both_its_ends() -> None:
    over = Over.read("people.minority_share=0.1:0.3:5")
    assert (over.name, over.values) == ("people.minority_share", [0.1, 0.15, 0.2, 0.25, 0.3])
    assert Over.read("one:score.base=500:560:2").values == [500, 560]
    assert [rounded(value) for value in (0.0, 1.23456789, -123456789.0)] == [0, 1.23457, -123457000]


@pytest.mark.parametrize(
    "text", ["people.minority_share", "a=1:2", "a=1:2:x", "=1:2:3", "a=2:1:3", "a=1:1:3", "a=1:2:1", "a=1:2:3:4"]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected"):
        Over.read(text)


def test_a_grid_is_every_combination_after_the_experiment_as_it_is(experiment: Experiment) -> None:
    points = grid(experiment, [Over("people.minority_share", 0.1, 0.3, 3), Over("one:score.base", 540, 560, 2)])
    assert [point.number for point in points] == list(range(7))
    assert points[0].values == {}
    assert points[0].experiment is experiment
    assert points[1].values == {"people.minority_share": 0.1, "one:score.base": 540}
    last = points[-1].experiment
    assert last.parameters.number("people.minority_share") == 0.3
    assert [plan.scorings[0].policy.base for plan in last.policies] == [
        560,
        experiment.policies[1].scorings[0].policy.base,
    ]
    assert len({point.experiment.digest for point in points}) == 7


def test_a_policy_that_stands_beside_is_changed_too(experiment: Experiment) -> None:
    point = changed(experiment, {"scorer-b:score.base": 610})
    assert point.variants[0].scorings[0].policy.base == 610


def test_a_number_keeps_the_form_of_the_one_whose_place_it_takes() -> None:
    assert like(5, 6.6) == 7
    assert like("30d", 7.2) == "7d"
    assert like(Decimal("0.95"), 0.9) == Decimal("0.9")


def test_a_hypercube_draws_every_assumption_evenly_over_its_range(experiment: Experiment) -> None:
    points = latin(experiment, 20, seed=1)
    names = [one.name for one in assumptions(KNOWN.parameters)]
    assert len(points) == 21
    assert list(points[1].values) == names
    for one in assumptions(KNOWN.parameters):
        drawn = np.array([point.values[one.name] for point in points[1:]])
        assert one.low <= drawn.min() <= drawn.max() <= one.high
        strata = np.floor((drawn - one.low) / (one.high - one.low) * 20 - 1e-9)
        assert len(set(strata.tolist())) >= 15 or all(value.is_integer() for value in drawn.tolist()), one.name
    assert latin(experiment, 20, seed=1)[7].values == points[7].values
    assert latin(experiment, 20, seed=2)[7].values != points[7].values


def test_what_has_a_source_or_is_a_list_is_left_as_it_is(experiment: Experiment) -> None:
    left = {one.name for one in KNOWN.parameters.each()} - {one.name for one in assumptions(KNOWN.parameters)}
    assert "people.age_shares" in left
    assert "people.income_median" in left
    point = latin(experiment, 2, seed=1)[1].experiment
    assert all(point.parameters.numbers(name) == KNOWN.parameters.numbers(name) for name in left)


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (Over("people.minority_shar", 0.1, 0.2, 2), "did you mean 'people.minority_share'"),
        (
            Over("people.minority_share", 0.1, 0.9, 2),
            "people.minority_share is 0.9; expected a number from 0.05 to 0.3",
        ),
        (Over("on:score.base", 1, 2, 2), "nobody called 'on' scores; expected one of one, second, scorer-b"),
        (Over("one:score.bas", 1, 2, 2), "no number at 'score.bas'; did you mean 'score.base'?"),
        (Over("one:factors.games.window", -1, 2, 2), "-1 days; expected whole days"),
        (Over("one:score.base", 500, 9999, 2), "with score.base 9999 one is no policy: "),
    ],
)
def test_a_number_that_is_none_or_out_of_its_domain_is_refused_before_anything_runs(
    over: Over, said: str, experiment: Experiment
) -> None:
    with pytest.raises(UsageError) as caught:
        grid(experiment, [over])
    assert said in str(caught.value)


def test_a_grid_too_fine_is_refused(experiment: Experiment) -> None:
    with pytest.raises(UsageError, match="10001 points"):
        grid(experiment, [Over("people.minority_share", 0.1, 0.3, 10001)])


def test_a_sweep_says_how_often_a_conclusion_survives_and_what_it_hangs_on(
    experiment: Experiment, tmp_path: Path
) -> None:
    points = grid(experiment, [Over("people.minority_share", 0.1, 0.3, 3)])
    found = swept(experiment, points, tmp_path / "out")
    assert [(row["point"], row["value"]) for row in found["points"]] == [(1, 0.1), (2, 0.2), (3, 0.3)]
    (mean,) = [row for row in found["conclusions"] if row["measure"] == "scores.mean"]
    assert (mean["baseline"], mean["other"], mean["month"], mean["group"]) == ("one/a", "second/a", 1, "")
    assert (mean["draws"], mean["kept"], mean["clear"], mean["reversed"]) == (3, 3, 3, 0)
    assert "speech.critical" not in {row["measure"] for row in found["conclusions"]}, "nothing differs there"
    assert (mean["hangs_on"], mean["correlation"]) == (None, None), "both sides move by the same"
    assert {row["name"] for row in found["influences"]} == {"people.minority_share"}


def test_the_number_with_which_a_difference_goes_is_named(experiment: Experiment, tmp_path: Path) -> None:
    """One variant gives the parameter a value of its own, so that the other side alone follows the sweep."""
    held = read(
        written(
            "variants: [{name: held, parameters: {people.minority_share: 0.1}}, {name: free}]",
            seeds="2",
            city="{residents: 40, months: 1, parameters: {people.minority_share: 0.2}}",
        )
    )
    points = grid(held, [Over("people.minority_share", 0.06, 0.3, 5)])
    found = swept(held, points, tmp_path / "out")
    (mean,) = [row for row in found["conclusions"] if row["measure"] == "scores.mean"]
    assert (mean["hangs_on"], mean["correlation"]) == ("people.minority_share", pytest.approx(1))
    assert (mean["kept"], mean["reversed"]) == (4, 1), "below 0.1 it is the other way round"


def test_a_sweep_is_taken_up_to_the_same_bytes(experiment: Experiment, tmp_path: Path) -> None:
    points = grid(experiment, [Over("people.minority_share", 0.1, 0.3, 2)])
    whole = swept(experiment, points, tmp_path / "out")
    folder = tmp_path / "out" / "points" / "0002" / "cells" / "one--a--2"
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert swept(experiment, points, tmp_path / "out", resume=True) == whole
    assert swept(experiment, points, tmp_path / "out", resume=True, work=failing) == whole
    other = grid(experiment, [Over("people.minority_share", 0.1, 0.2, 2)])
    with pytest.raises(UsageError, match="name another folder"):
        swept(experiment, other, tmp_path / "out", resume=True)


def test_with_one_seed_any_difference_is_a_conclusion(tmp_path: Path) -> None:
    single = read(written(policies=POLICIES, seeds="1", city="{residents: 40, months: 1}"))
    found = swept(single, grid(single, [Over("people.minority_share", 0.1, 0.2, 2)]), tmp_path / "out")
    (mean,) = [row for row in found["conclusions"] if row["measure"] == "scores.mean"]
    assert (mean["kept"], mean["clear"]) == (2, 2)


def test_where_nothing_differs_there_is_no_conclusion(tmp_path: Path) -> None:
    alone = read(written(seeds="2", city="{residents: 40, months: 1}"))
    found = swept(alone, grid(alone, [Over("people.minority_share", 0.1, 0.2, 2)]), tmp_path / "out")
    assert (found["conclusions"], found["influences"]) == ([], [])
