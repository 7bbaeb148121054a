"""Score each loan of 1997 and 1998 on the day before it was granted, and hold the scores against what became of it.

    python evaluate.py CONVERTED [--policy policy.yaml] [--chart loans.svg]

CONVERTED is what `convert.py` wrote. Every loan is scored at 00:00 UTC of the day before it was granted, and the engine
reads no later event: that day's transactions count, those of the day of the loan do not. The points of the policy were
chosen on the loans of 1993 to 1996 (`develop.py`), so the loans scored here had no part in them.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from goodstanding.book import Book
from goodstanding.charts import describe, draw
from goodstanding.evaluation import Evaluation, evaluate
from goodstanding.events import read_events
from goodstanding.policy import Policy, load
from goodstanding.scoring import score
from goodstanding.standing import stand

TEST = "granted_1997_1998"


def scored(policy: Policy, book: Book, loans: pa.Table) -> pa.Table:
    """One row per loan, by the day it was asked for: `person`, `asked`, `outcome`, `score`, `tier`."""
    days = pc.unique(loans["asked"]).to_pylist()
    return pa.concat_tables([of_day(policy, book, loans.filter(pc.equal(loans["asked"], day)), day) for day in days])


def of_day(policy: Policy, book: Book, loans: pa.Table, day: datetime) -> pa.Table:
    """The loans asked for on one day, with their scores at that moment."""
    scores = score(policy, book, as_of=day, people=loans["person"].combine_chunks())
    tiers = pa.array([tier.name for tier in policy.tiers])
    reached = pa.array(stand(scores).tier)
    found = pa.table(
        {
            "person": scores.people.cast(pa.string()),
            "score": pa.array(scores.score, mask=~scores.given),
            "tier": tiers.take(pc.if_else(pc.less(reached, 0), None, reached)),
        }
    )
    return loans.select(["person", "asked", "outcome"]).join(found, "person").sort_by("person")


def evaluation_of(policy: Policy, converted: Path, split: str = TEST) -> Evaluation:
    """The scores of one split's loans against their outcomes."""
    loans = pq.read_table(converted / "loans.parquet")
    book = Book.build(read_events([converted / "events.parquet"]))
    table = scored(policy, book, loans.filter(pc.equal(loans["split"], split)))
    order = [tier.name for tier in policy.tiers]
    return evaluate(table["score"], table["outcome"], tiers=table["tier"], order=order)


def main(arguments: list[str] | None = None) -> int:
    """Say how well the loans of 1997 and 1998 were foretold, and draw it where a file is named."""
    parser = argparse.ArgumentParser(description="Hold the scores of loans against what became of them.")
    parser.add_argument("converted", type=Path, help="the folder that convert.py wrote")
    parser.add_argument("--policy", type=Path, default=Path(__file__).parent / "policy.yaml")
    parser.add_argument("--chart", type=Path, help="where to draw it: .svg or .png")
    given = parser.parse_args(arguments)
    evaluation = evaluation_of(load(given.policy), given.converted)
    print(describe(evaluation.to_dict()))
    if given.chart is not None:
        draw(evaluation, given.chart, title="Loans of 1997 and 1998, scored on the day before")
    return 0


if __name__ == "__main__":
    sys.exit(main())
