"""SciPy as a peer: for each person, how many of their ties lead to someone with a score, and the sum of those scores.

A sparse product can carry both in one pass: what is multiplied is the score plus 2^40, so that a sum holds the count
above bit 40 and the sum of scores below. The matrix is built before the clock starts, as our ties are.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped,import-not-found,unused-ignore]  # in an environment of its own

UNIT: Final = 1 << 40


def matrix(folder: Path, people: int) -> csr_array:
    """Who is tied to whom, from both ends; as 64-bit ones, so that the product converts nothing on its way."""
    pairs = np.load(folder / "pairs.npy")
    rows = np.concatenate((pairs[:, 0], pairs[:, 1]))
    columns = np.concatenate((pairs[:, 1], pairs[:, 0]))
    ties = csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(people, people))
    ties.sort_indices()
    return ties


def main() -> None:
    """Print the seconds of each product as JSON, and leave sums and counts in the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    scores = np.load(given.folder / "scores.npy")
    begun = time.perf_counter()
    ties = matrix(given.folder, len(scores))
    build = time.perf_counter() - begun
    carried = scores.astype(np.int64) + UNIT
    seconds = []
    for _ in range(given.repeats + 1):
        begun = time.perf_counter()
        product = ties @ carried
        sums, counts = product & (UNIT - 1), product >> 40
        seconds.append(time.perf_counter() - begun)
    np.save(given.folder / "sums.npy", sums)
    np.save(given.folder / "counts.npy", counts)
    print(json.dumps({"seconds": seconds[1:], "build": build}))


if __name__ == "__main__":
    main()
