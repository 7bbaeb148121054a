"""What the benchmark promises of itself: the same events on both sides, and no claim where results differ."""

import json
import random
from argparse import Namespace
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import ours
from benchmarks.agreement import same_scores
from benchmarks.claims import Claim
from benchmarks.generator import Size, draw, generate
from benchmarks.growing import Growth
from benchmarks.laboratory import WAYS, apart, sizes
from benchmarks.living import TOWN_PARAMETERS, TOWN_POLICY, Watched, towns
from benchmarks.peers.mesa.scoring import DAY, Record, held, points_of, total_of
from benchmarks.processes import ROOT, BenchmarkError, Spread, run
from benchmarks.report import as_json, beside, in_terminal, page
from benchmarks.special import tie_pairs
from benchmarks.world import KINDS, vocabulary
from goodstanding.lab.city import found
from goodstanding.lab.experiments.known import known
from goodstanding.lab.experiments.resolving import read_experiment
from goodstanding.lab.parameters import load as load_parameters
from goodstanding.lab.society import Rule, Society, Variant
from goodstanding.policy import load
from goodstanding.reference import reference

SIZE = Size(people=40, events=2_000)


def test_the_same_seed_draws_the_same_events() -> None:
    once, again = draw(SIZE, 0, 500), draw(SIZE, 0, 500)
    other = draw(replace(SIZE, seed=2), 0, 500)
    assert all((getattr(once, name) == getattr(again, name)).all() for name in ("person", "step", "kind", "value"))
    assert (once.kind != other.kind).any()


def test_raw_and_coded_files_hold_the_same_events_and_the_coded_ones_are_in_order(tmp_path: Path) -> None:
    files = generate(SIZE, tmp_path)
    raw = pq.read_table(files.raw).to_pylist()
    coded = pq.read_table(files.coded).to_pylist()
    words = vocabulary()
    in_order = sorted(raw, key=lambda event: (event["person"], event["time"], event["source"], event["id"]))
    assert [event["person"] for event in in_order] == [f"P{event['person']:08d}" for event in coded]
    assert [event["type"] for event in in_order] == [words.types[event["type"]] for event in coded]
    assert [event["amount"] for event in in_order] == [event["amount"] for event in coded]
    assert [event["party"] for event in in_order] == [
        None if event["party"] is None else words.parties[event["party"]] for event in coded
    ]


def test_the_files_are_drawn_once(tmp_path: Path) -> None:
    first = generate(SIZE, tmp_path).raw.stat().st_mtime_ns
    assert generate(SIZE, tmp_path).raw.stat().st_mtime_ns == first


def test_the_policy_of_the_benchmark_has_thirty_factors_of_every_kind_but_ties() -> None:
    policy = load(ROOT / "benchmarks" / "policy.yaml")
    kinds = {factor.measure.kind for factor in policy.factors}
    assert len(policy.factors) == 30
    assert kinds == {
        *("count", "sum", "mean", "min", "max", "latest", "days_since_first", "days_since_last"),
        *("distinct", "share", "ratio", "streak", "decayed", "on_list"),
    }
    read = {kind.type for kind in KINDS} & set(policy.catalogue)
    assert read == set(policy.catalogue)


def test_the_policy_tells_people_apart_by_every_factor(tmp_path: Path) -> None:
    policy = load(ROOT / "benchmarks" / "policy.yaml")
    events = pq.read_table(generate(Size(400, 8_000), tmp_path).raw)
    rows = events.set_column(4, "time", events["time"].cast(pa.int64())).to_pylist()
    results = reference(policy.document, rows, as_of=1_704_067_200_000_000).values()
    same = [name for name in next(iter(results)).points if len({result.points[name] for result in results}) == 1]
    assert same == []


def _written(folder: Path, name: str, score: int) -> Path:
    pq.write_table(pa.table({"person": ["a", "b"], "score": [600, score], "bounds": [0, 0]}), folder / name)
    return folder / name


def test_one_cell_that_differs_fails_the_benchmark_and_is_named(tmp_path: Path) -> None:
    ours, equal, other = (_written(tmp_path, name, score) for name, score in (("a", 500), ("b", 500), ("c", 501)))
    assert same_scores(ours, equal, "Peer", by_name=True) == 4
    with pytest.raises(BenchmarkError, match="score differs from Peer for 1 people: b: 500 against 501"):
        same_scores(ours, other, "Peer", by_name=True)


def test_a_command_that_fails_fails_the_benchmark_with_what_it_said() -> None:
    with pytest.raises(BenchmarkError, match="the reason why"):
        run(["python3", "-c", "import sys; sys.exit('the reason why')"])


def test_a_floor_that_is_missed_is_said_and_does_not_hold() -> None:
    missed = Claim(1, "as fast", 0.9, "×", floor=1.1, aim=1.4)
    assert (missed.holds, missed.verdict) == (False, "BELOW FLOOR")
    assert (replace(missed, figure=1.2).holds, replace(missed, figure=1.2).verdict) == (True, "floor kept")
    assert replace(missed, figure=1.5).verdict == "aim reached"
    assert replace(missed, judged=False).holds
    assert not Claim(1, "memory", 4.1, "GiB", "less", floor=4).holds


def test_sides_are_measured_in_turn_after_one_round_that_is_not_counted() -> None:
    called: list[str] = []
    taken = ours.in_turn({"one": lambda: called.append("one"), "two": lambda: called.append("two")}, 3)
    assert called == ["one", "two"] * 4
    assert [len(seconds) for seconds in taken.values()] == [3, 3]
    assert all(second >= 0 for seconds in taken.values() for second in seconds)


def test_what_grows_with_the_square_has_the_exponent_two() -> None:
    growth = Growth("people", (10, 100, 1000), (Spread.of([1]), Spread.of([10]), Spread.of([1000])))
    assert growth.exponents() == pytest.approx([1, 2])
    assert not growth.claim(judged=True).holds


def test_the_page_says_every_claim_with_floor_and_verdict() -> None:
    claims = [Claim(1, "as fast", 1.25, "×", floor=1.1, aim=1.4, note="half of it"), Claim(2, "shown", 7, "s")]
    machine = {"processor": "any", "day": "2026-01-01", "ours": {"numba": "1"}, "peers": {"polars": "2"}}
    written = page(beside(None, as_json(machine, {"people": 10, "events": 20, "rounds": 3}, claims)))
    assert "| as fast | **1.25 ×** | ≥ 1.1 × | ≥ 1.4 × | floor kept |" in written
    assert "half of it" in written
    assert "floor 1.1" in in_terminal(claims)


def results_of(job: int, figure: float, **machine: Any) -> dict[str, Any]:
    base = {"processor": "P", "ours": {}, "peers": {}, "day": "2026-01-01"}
    claim = Claim(job, "it is fast", figure, "s", "less")
    return as_json({**base, **machine}, {"people": 10, "events": 20, "rounds": 3}, [claim])


def test_a_job_that_is_run_alone_takes_its_place_beside_the_others_of_the_same_machine() -> None:
    kept = beside(beside(None, results_of(2, 1.0)), results_of(5, 2.0, day="2026-02-02"))
    kept = beside(kept, results_of(2, 3.0, day="2026-03-03"))
    assert [(claim["job"], claim["figure"]) for claim in kept["claims"]] == [(2, 3.0), (5, 2.0)]
    assert kept["days"] == {"2": "2026-03-03", "5": "2026-02-02"}
    elsewhere = beside(kept, results_of(5, 4.0, processor="Q"))
    assert [claim["job"] for claim in elsewhere["claims"]] == [5], "figures of two machines never share a page"


def test_ties_join_different_people_and_no_pair_comes_twice(tmp_path: Path) -> None:
    tie_pairs(tmp_path, people=50, ties=200)
    pairs = np.load(tmp_path / "pairs.npy")
    assert len(pairs) == 200
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert len({tuple(pair) for pair in pairs.tolist()}) == 200


NOW = 20_000 * DAY


def _file(dice: random.Random) -> tuple[Record, list[dict[str, Any]]]:
    """Something on record of somebody, as Mesa keeps it and as events."""
    record, events = Record(), []
    times = sorted(dice.sample(range(NOW - 900 * DAY, NOW), 60))
    for number, time in enumerate(times):
        what, days, amount = dice.randrange(8), max(dice.randrange(-20, 20), 0), dice.randrange(1, 900_000)
        one: dict[str, Any] = {"id": str(number), "source": "any", "person": "somebody", "time": time * 1_000_000}
        if what < 3:
            record.bill(time, days)
            one |= {"type": "bill.paid", "value": days}
        elif what == 3:
            record.instalment(time, days)
            one |= {"type": "loan.repaid", "value": days}
        elif what == 4:
            record.pay(time, amount)
            one |= {"type": "salary.paid", "amount": amount}
        elif what == 5:
            record.purchase(time, amount // 9, days)
            one |= {"type": "purchase.made", "amount": amount // 9, "party": f"shop-{days}"}
        else:
            label, kept = ("praise", record.praise) if what == 6 else ("critical", record.critical)
            kept.append(time)
            one |= {"type": "loyalty.speech", "label": label}
        events.append(one)
    record.missed.append(times[-9])
    record.up.append(times[-9])
    for type_ in ("loan.overdue", "loan.defaulted"):
        events.append({**events[0], "type": type_, "time": times[-9] * 1_000_000, "id": type_, "amount": 1, "value": 1})
    if dice.random() < 0.5:
        record.listed_since = times[dice.randrange(60)]
        listed = {"type": "court.listed", "amount": 1, "value": None, "time": record.listed_since * 1_000_000}
        events.append({**events[0], "id": "listed", **listed})
    return record, events


def test_what_mesa_makes_of_a_record_is_what_the_towns_policy_says() -> None:
    policy = load(TOWN_POLICY)
    names = [factor.name for factor in policy.factors if factor.name != "friends"]
    for seed in range(200):
        record, events = _file(random.Random(seed))  # noqa: S311 nothing is secret
        (result,) = reference(policy.document, events, as_of=NOW * 1_000_000).values()
        points = points_of(record, NOW)
        assert dict(zip(names, points, strict=True)) == {name: result.points[name] for name in names}
        assert held(total_of(points)) == result.own_score


def test_the_town_is_written_down_for_mesa_with_its_residents_friends_and_numbers(tmp_path: Path) -> None:
    paths = towns(Namespace(residents=300, seeds=2, out=tmp_path))
    first, other = (json.loads(Path(path).read_text()) for path in paths)
    assert len(first["people"]) == 300
    assert first["people"] != other["people"]
    assert all(a != b for a, b in first["friends"])
    parameters = load_parameters(TOWN_PARAMETERS)
    assert first["parameters"]["effort"]["slope"] == parameters.number("behaviour_effort.slope") == 2
    assert set(first["parameters"]["errors"].values()) >= {0.0}


def test_watching_a_society_changes_nothing_in_it() -> None:
    city = found(300, 1, load_parameters())
    rule = Rule("sesame", load("sesame"))
    plain, watched = Society(city, [rule], Variant(), threads=1), Watched(city, rule, Variant(), 1, counts=True)
    scores, same = plain.run(3).scores["sesame"], watched.run(3).scores["sesame"]
    assert np.array_equal(scores, same)
    tallies = zip(plain.tally._asdict().values(), watched.tally._asdict().values(), strict=True)
    assert all(np.array_equal(one, other) for one, other in tallies)
    assert watched.clock.scorings == 3
    assert watched.events > 3 * 4 * 300


def test_the_experiment_that_is_timed_has_eight_ways_of_living_and_ten_seeds() -> None:
    experiment = read_experiment(WAYS, known())
    assert len(list(experiment.cells())) == 80
    assert (experiment.residents, experiment.months) == (10_000, 24)


def test_means_are_told_apart_in_standard_errors_of_their_difference() -> None:
    assert apart([1.0, 3.0], [1.0, 3.0]) == (2.0, 2.0, 0.0)
    assert apart([2.0, 4.0], [1.0, 3.0]) == (3.0, 2.0, inf)
    assert apart([1.0, 2.0, 6.0], [0.0, 0.0, 0.0])[2] == pytest.approx(3 / (7**0.5 / 3**0.5))


def test_a_city_grows_to_thrice_its_size_only_where_there_is_memory_for_it() -> None:
    assert sizes(900, thrice=True) == (300, 900, 2700)
    assert sizes(900, thrice=False) == (100, 300, 900)
