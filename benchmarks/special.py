"""Inputs for single jobs: a person with very many events, ties, ten events, policies with fewer and more factors."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from benchmarks.generator import BEGIN_US, SCHEMA

LARGEST_SCORE: Final = 800
LEAST_SCORE: Final = 400


def heavy_events(path: Path, events: int) -> None:
    """Events of one person, a second apart and shuffled: each has a party of its own, the later half are good."""
    place = np.random.default_rng(1).permutation(events)
    columns: dict[str, Any] = {
        "id": pa.array([f"e{number:07d}" for number in place]),
        "source": pa.array(["market"] * events),
        "type": pa.array(["purchase.made"] * events),
        "person": pa.array(["P00000000"] * events),
        "time": pa.array(BEGIN_US + place * 1_000_000).cast(SCHEMA.field("time").type),
        "amount": pa.nulls(events, pa.int64()),
        "value": pa.array((place >= events // 2).astype(np.int64)),
        "label": pa.nulls(events, pa.string()),
        "party": pa.array([f"shop-{number:07d}" for number in place]),
        "matter": pa.nulls(events, pa.string()),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns, schema=SCHEMA), path, compression="zstd")


def heavy_points(events: int) -> list[int]:
    """What the two factors of `heavy.yaml` must give for those events."""
    return [events // 1000, (events - events // 2) // 1000]


def ten_events(raw: Path, path: Path) -> None:
    """The first ten events of a file."""
    first = next(pq.ParquetFile(raw).iter_batches(10))
    pq.write_table(pa.Table.from_batches([first]), path, compression="zstd")


def tie_pairs(folder: Path, people: int, ties: int) -> None:
    """Draw different pairs of different people, and everybody's own score; one row a tie in `pairs.npy`."""
    rng = np.random.default_rng([1, people, ties])
    folder.mkdir(parents=True, exist_ok=True)
    ends = rng.integers(0, people, (ties + ties // 4 + 100, 2))
    low, high = ends.min(axis=1), ends.max(axis=1)
    keys = np.unique((low * people + high)[low != high])
    chosen = rng.permutation(keys)[:ties]
    np.save(folder / "pairs.npy", np.column_stack((chosen // people, chosen % people)).astype(np.int32))
    np.save(folder / "scores.npy", rng.integers(LEAST_SCORE, LARGEST_SCORE + 1, people).astype(np.int32))


def policies_of_size(policy: Path, folder: Path) -> dict[int, Path]:
    """The policy with a third of its factors, as it is, and with each factor thrice: paths by how many factors."""
    document = yaml.safe_load(policy.read_text())
    factors = document["factors"]
    thrice = [factor | {"name": f"{factor['name']}_{copy}"} for copy in range(3) for factor in factors]
    paths = {}
    for chosen in (factors[::3], factors, thrice):
        paths[len(chosen)] = folder / f"factors-{len(chosen)}.json"
        paths[len(chosen)].write_text(json.dumps(document | {"factors": chosen}))
    return paths
