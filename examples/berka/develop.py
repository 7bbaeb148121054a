"""Choose the points of `policy.yaml` on the loans granted from 1993 to 1996, and print them as YAML.

    python develop.py FOLDER

Of most of these 328 loans the transactions are not there, only summaries of them up to the loan (`loan_history`, made
by others from the full table). So the measures of the policy are those that a summary gives exactly: what came in, what
went out, what is left, and how often household bills and penalty interest were paid. On the 354 loans whose
transactions are there, summary and transactions agree for every one of these.

Each measure is cut at round numbers. The points of a step are its weight of evidence (the logarithm of the odds of
being repaid, less that of all loans), 35 points to a doubling of the odds. Two loans of the average kind are added to
each step, so that a step where nobody failed is not worth infinitely much. There is no regression: 46 bad loans are too
few to weigh the measures against each other.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

POINTS_TO_DOUBLE = 35
ADDED = 2  # loans of the average kind added to each step
BAD = ("B", "D")

EDGES = {
    "balance_in_instalments": (2, 4, 8, 20),
    "income_in_instalments": (20, 50, 100, 200),
    "penalty_interest": (1,),
    "household_bills": (1, 6),
}

Real = npt.NDArray[np.float64]


def measures_of(history: Mapping[str, Any], loan: Mapping[str, Any]) -> dict[str, float]:
    """The measures of one loan, from the summary of its account before it was granted."""
    incomes = history["no_transactions_type_credit_per_account"]
    expenses = history["no_transactions_type_withdrawal_per_account"]
    income = incomes * (history["avg_amount_of_transaction_credit_per_account"] or 0)
    expense = expenses * (history["avg_amount_of_transaction_withdrawal_per_account"] or 0)
    return {
        "balance_in_instalments": (income - expense) / loan["payments"],
        "income_in_instalments": income / loan["payments"],
        "penalty_interest": history["no_k_sanction_interest_if_negative_balance_of_transaction_per_account"],
        "household_bills": history["no_k_household_of_transaction_per_account"],
    }


def weights_of_evidence(measure: Real, bad: Real, edges: Sequence[float]) -> tuple[list[float], list[tuple[int, int]]]:
    """Of each step, the weight and how many loans and bad loans it holds."""
    step = np.searchsorted(edges, measure, side="right")
    loans = np.bincount(step, minlength=len(edges) + 1)
    bads = np.bincount(step, bad, minlength=len(edges) + 1)
    rate = bad.mean()
    odds = (loans - bads + ADDED * (1 - rate)) / (bads + ADDED * rate)
    weights = np.log(odds) - np.log((1 - rate) / rate)
    return weights.tolist(), [(int(all_), int(failed)) for all_, failed in zip(loans, bads, strict=True)]


def as_yaml(edges: Sequence[float], weights: Sequence[float]) -> str:
    """The steps as the `points` of a factor."""
    starts = ["", *(f"from: {edge:g}, " for edge in edges)]
    points = [round(weight * POINTS_TO_DOUBLE / np.log(2)) for weight in weights]
    bands = [f"{{{start}points: {point}}}" for start, point in zip(starts, points, strict=True)]
    return f"points: {{bands: [{', '.join(bands)}]}}"


def develop(folder: Path) -> dict[str, tuple[str, list[tuple[int, int]]]]:
    """By factor, its points as YAML and how many loans and bad loans each step holds."""
    loans = {row["loan_id"]: row for row in pq.read_table(folder / "loan.parquet").to_pylist()}
    histories = pq.read_table(folder / "loan_history.parquet").to_pylist()
    rows = [row for row in histories if row["split"] == "granted_1993_1996"]
    bad = np.array([loans[row["loan_id"]]["status"] in BAD for row in rows], np.float64)
    measures = [measures_of(row, loans[row["loan_id"]]) for row in rows]
    found = {}
    for name, edges in EDGES.items():
        weights, sizes = weights_of_evidence(np.array([each[name] for each in measures]), bad, edges)
        found[name] = (as_yaml(edges, weights), sizes)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print the points of each factor, and what they rest on."""
    parser = argparse.ArgumentParser(description="Choose the points of policy.yaml on the loans of 1993 to 1996.")
    parser.add_argument("folder", type=Path, help="the Berka files, as Parquet")
    for name, (points, sizes) in develop(parser.parse_args(arguments).folder).items():
        print(f"{name}:\n  {points}\n  # " + ", ".join(f"{bad} bad of {loans}" for loans, bad in sizes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
