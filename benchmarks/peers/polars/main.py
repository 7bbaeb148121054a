"""Polars as a peer.

The job `raw` is a whole command from Parquet to Parquet; `coded` starts from sorted and coded columns in memory.
"""

import argparse
import json
import time
from typing import Final

import polars as pl  # type: ignore[import-not-found,unused-ignore]  # it lives in an environment of its own

from benchmarks.peers.polars.points import scored
from benchmarks.peers.polars.query import WORDS, c, distinct_measures, ordered_measures, plain_measures

DAY_US: Final = 86_400_000_000


def coded_events(path: str, as_of: int) -> pl.DataFrame:
    """The raw events with a number for each person, party, matter and type; those after `as_of` have no type."""
    time_us = c("time").dt.epoch("us")
    return (
        pl.scan_parquet(path)
        .select(
            c("person").cast(pl.Categorical),
            pl.when(time_us <= as_of)
            .then(c("type").cast(pl.Enum(WORDS.types), strict=False).to_physical())
            .alias("type"),
            time_us.alias("time"),
            ((as_of - time_us) // DAY_US).cast(pl.Int32).alias("age"),
            c("source").cast(pl.Enum(WORDS.sources)).to_physical(),
            "id",
            "amount",
            "value",
            c("label").cast(pl.Enum(WORDS.labels)).to_physical(),
            c("party").cast(pl.Categorical).to_physical(),
            c("matter").cast(pl.Categorical).to_physical(),
        )
        .with_columns(c("person").to_physical().alias("p"))
        .collect(engine="streaming")
    )


def check_ids(events: pl.DataFrame) -> None:
    """Stop at two events of one source and id: different hashes prove different ids, equal ones are looked at."""
    hashes = c("id").hash(seed=1) ^ c("source").hash(seed=2)
    if events.lazy().select(hashes.n_unique()).collect(engine="streaming").item() == events.height:
        return
    twice = events.lazy().group_by("source", "id").len().filter(c("len") > 1).collect(engine="streaming")
    if twice.height:
        raise SystemExit(f"{twice.height} ids come twice")


def score_all(events: pl.LazyFrame, people: pl.LazyFrame, order: list[str]) -> pl.LazyFrame:
    """Points and score of every person, from coded events."""
    measures = people
    for part in [*plain_measures(events), *distinct_measures(events), *ordered_measures(events, order)]:
        measures = measures.join(part, on="p", how="left")
    return scored(measures)


def raw(path: str, as_of: int, out: str) -> None:
    """The whole job: read, check ids, score, order by person, write."""
    events = coded_events(path, as_of)
    check_ids(events)
    people = events.lazy().select("person", "p").unique()
    scores = score_all(events.lazy().drop("person"), people, ["time", "source", "id"])
    result = scores.with_columns(c("person").cast(pl.String)).sort("person").collect(engine="streaming")
    result.write_parquet(out, compression="zstd")


def coded(path: str, as_of: int, repeats: int, out: str | None) -> dict[str, list[float]]:
    """Scores in memory from columns in memory, after one pass to warm up: the seconds of each pass."""
    columns = pl.read_parquet(path).rename({"person": "p"}).with_row_index("n").set_sorted("p")
    aged = (
        pl.when(c("time") <= as_of).then(c("type")).alias("type"),
        ((as_of - c("time")) // DAY_US).cast(pl.Int32).alias("age"),
    )
    seconds = []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        events = columns.lazy().with_columns(aged).collect(engine="streaming").lazy()
        people = events.select("p").unique().with_columns(c("p").alias("person"))
        result = score_all(events, people, ["n"]).collect(engine="streaming")
        seconds.append(time.perf_counter() - begun)
    if out:
        result.sort("person").write_parquet(out)
    return {"seconds": seconds[1:]}


def main() -> None:
    """Read the command line and do one job."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=["raw", "coded"])
    parser.add_argument("events")
    parser.add_argument("--as-of", type=int, required=True)
    parser.add_argument("--out")
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    if given.job == "raw":
        raw(given.events, given.as_of, given.out)
    else:
        print(json.dumps(coded(given.events, given.as_of, given.repeats, given.out)))


if __name__ == "__main__":
    main()
