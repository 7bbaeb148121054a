"""What follows from cells: means over seeds with intervals, and differences of the same people with the same dice."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet
from scipy import stats

from goodstanding.lab.experiments.comparing import LEAST_MOVE, Seen, counterpart
from goodstanding.lab.experiments.model import Experiment
from goodstanding.lab.experiments.run import run
from tests.lab.experiments import quiet, read, written
from tests.lab.made_cells import made

POLICIES = "[{policy: sesame, as: one}, {policy: sesame, as: another, set: {score.base: 560}}, national]"


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return read(written(policies=POLICIES, seeds="4", city="{residents: 200, months: 2}"))


@pytest.fixture(scope="module")
def out(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "out"
    run(experiment, folder, cores=1, step=quiet, work=made)
    return folder


def rows(out: Path, name: str, **wanted: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(out / f"{name}.parquet").to_pylist()
    return [row for row in found if all(row[key] == value for key, value in wanted.items())]


def values(out: Path, policy: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The mean score of the last month, seed by seed."""
    found = rows(out, "measures", policy=policy, measure="scores.mean", group="", month=1)
    return np.array([row["value"] for row in found])


def test_a_summary_is_the_mean_over_seeds_with_its_interval(out: Path) -> None:
    (row,) = rows(out, "summary", policy="one", measure="scores.mean", group="", month=1)
    known = values(out, "one")
    low, high = stats.t.interval(0.95, 3, known.mean(), stats.sem(known))
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((known.mean(), low, high))
    assert (row["seeds"], row["variant"], row["scorer"]) == (4, "standard", "one")


def test_a_difference_is_one_of_pairs_and_far_surer_than_two_intervals(out: Path) -> None:
    (row,) = rows(out, "comparisons", other="another/standard", measure="scores.mean", group="", month=1)
    before, after = values(out, "one"), values(out, "another")
    assert row["difference"] == pytest.approx((after - before).mean())
    assert (row["baseline_mean"], row["other_mean"]) == pytest.approx((before.mean(), after.mean()))
    assert row["high"] - row["low"] == pytest.approx(0, abs=1e-9), "the same dice: only the policies differ"
    assert (row["p"], row["seeds"], row["scorer"], row["baseline"]) == (0, 4, "another", "one/standard")


def test_measures_of_the_city_are_compared_as_they_are_and_groups_with_their_own(out: Path) -> None:
    (city,) = rows(out, "comparisons", other="another/standard", measure="speech.critical", month=1)
    assert (city["scorer"], city["difference"], city["p"]) == ("", 0, 1)
    (group,) = rows(out, "comparisons", other="another/standard", group="minority_yes", month=1)
    assert group["difference"] == pytest.approx((values(out, "another") - values(out, "one")).mean() / 2)


def test_every_observed_month_is_compared(out: Path) -> None:
    found = rows(out, "comparisons", other="another/standard", measure="scores.mean", group="")
    assert [row["month"] for row in found] == [0, 1]


def moved(out: Path, measure: str, other: str) -> dict[str, Any]:
    (row,) = rows(out, "comparisons", measure=measure, other=other)
    return row


def last_scores(out: Path, policy: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """One row a seed."""
    table = parquet.read_table(out / "residents.parquet").to_pylist()
    found = [np.nan if row["last_score"] is None else row["last_score"] for row in table if row["policy"] == policy]
    return np.array(found, float).reshape(4, 200)


def test_who_rises_and_falls_is_counted_person_by_person(out: Path) -> None:
    change = last_scores(out, "another") - last_scores(out, "one")
    assert moved(out, "share_rising", "another/standard")["difference"] == pytest.approx((change > 0).mean())
    assert moved(out, "share_falling", "another/standard")["difference"] == pytest.approx((change < 0).mean())
    assert 0.9 < moved(out, "share_rising", "another/standard")["difference"] < 1, "some have no score"


def test_scores_of_two_ranges_are_compared_by_place(out: Path) -> None:
    """The order of residents is the same under both, so nobody moves, though all numbers do."""
    assert not np.array_equal(last_scores(out, "one"), last_scores(out, "national"))
    for measure in ("share_rising", "share_falling"):
        row = moved(out, measure, "national/standard")
        assert (row["difference"], row["month"], row["scorer"]) == (0, 1, "national")
    assert LEAST_MOVE < 0.05


def test_scorers_are_held_against_their_namesake_and_else_the_first_against_the_first() -> None:
    nothing = np.empty((1, 0))
    baseline = Seen({}, ("sesame", "national"), (0, 1), nothing)
    same = Seen({}, ("x", "national", "y"), (0, 1), nothing)
    assert [counterpart(name, baseline, same) for name in ("x", "national", "y", "")] == ["sesame", "national", "y", ""]
