"""Whether two results are the same, cell by cell. Where they are not, the benchmark fails and says where."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.processes import BenchmarkError

FIRST: Final = 3  # how many differing people a message names
BESIDE: Final = {  # what we write and peers need not: it follows from the rest, or is the same for everyone
    *("person", "own_score", "tier", "base", "reasons", "lists", "perks", "sanctions"),
}


def same_scores(ours: Path, theirs: Path, peer: str, *, by_name: bool) -> int:
    """Compare scores, every factor's points and what every bound changed, for every person, in the order of the file.

    Args:
        ours, theirs: Parquet files with one row per person.
        peer: whose they are, for the message.
        by_name: whether the peer knows people by name; else only their order is compared.

    Returns:
        How many cells were compared.

    Raises:
        BenchmarkError: anybody is missing, or any cell differs.
    """
    mine, other = pq.read_table(ours), pq.read_table(theirs)
    if mine.num_rows != other.num_rows:
        raise BenchmarkError(f"{peer} scores {other.num_rows:,} people, Goodstanding {mine.num_rows:,}")
    if by_name and not _strings(mine["person"]).equals(_strings(other["person"])):
        raise BenchmarkError(f"{peer} names other people than Goodstanding, or in another order")
    columns = [name for name in mine.column_names if name not in BESIDE]
    for name in columns:
        _same_column(mine, other, name, peer)
    return len(columns) * int(mine.num_rows)


def _strings(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([column.cast(pa.large_string()).combine_chunks()])


def _same_column(mine: pa.Table, other: pa.Table, name: str, peer: str) -> None:
    if name not in other.column_names:
        raise BenchmarkError(f"{peer} does not write {name}")
    left, right = _numbers(mine[name]), _numbers(other[name])
    if not np.array_equal(left, right):
        rows = np.flatnonzero(left != right)
        people = [f"{mine['person'][int(row)]}: {left[row]} against {right[row]}" for row in rows[:FIRST]]
        raise BenchmarkError(f"{name} differs from {peer} for {len(rows):,} people: {'; '.join(people)}")


def _numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    if column.null_count:
        raise BenchmarkError("every person of the benchmark has a score; a null was found")
    return np.asarray(pc.cast(column, pa.int64()).to_numpy())


def same_numbers(ours: NDArray[Any], theirs: NDArray[Any], what: str, peer: str) -> int:
    """Compare two arrays of whole numbers.

    Raises:
        BenchmarkError: they differ.
    """
    if not np.array_equal(ours, theirs):
        different = int(np.count_nonzero(ours != theirs)) if ours.shape == theirs.shape else "all"
        raise BenchmarkError(f"{what} differ from {peer} in {different} of {len(ours):,} places")
    return len(ours)
