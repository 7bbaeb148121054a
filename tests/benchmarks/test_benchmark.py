"""What the benchmark promises of itself: the same events on both sides, and no claim where results differ."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.agreement import same_scores
from benchmarks.claims import Claim
from benchmarks.generator import Size, draw, generate
from benchmarks.growing import Growth
from benchmarks.processes import ROOT, BenchmarkError, Spread, run
from benchmarks.report import as_json, in_terminal, page
from benchmarks.special import tie_pairs
from benchmarks.world import KINDS, vocabulary
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


def test_what_grows_with_the_square_has_the_exponent_two() -> None:
    growth = Growth("people", (10, 100, 1000), (Spread.of([1]), Spread.of([10]), Spread.of([1000])))
    assert growth.exponents() == pytest.approx([1, 2])
    assert not growth.claim(judged=True).holds


def test_the_page_says_every_claim_with_floor_and_verdict() -> None:
    claims = [Claim(1, "as fast", 1.25, "×", floor=1.1, aim=1.4, note="half of it"), Claim(2, "shown", 7, "s")]
    machine = {"processor": "any", "ours": {"numba": "1"}, "peers": {"polars": "2"}}
    written = page(as_json(machine, {"people": 10, "events": 20, "rounds": 3}, claims))
    assert "| as fast | **1.25 ×** | ≥ 1.1 × | ≥ 1.4 × | floor kept |" in written
    assert "half of it" in written
    assert "floor 1.1" in in_terminal(claims)


def test_ties_join_different_people_and_no_pair_comes_twice(tmp_path: Path) -> None:
    tie_pairs(tmp_path, people=50, ties=200)
    pairs = np.load(tmp_path / "pairs.npy")
    assert len(pairs) == 200
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert len({tuple(pair) for pair in pairs.tolist()}) == 200
