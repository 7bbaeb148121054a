"""The result of a run: a packed row a person, a salted leaf over each, and the root over all leaves.

A packed row is little-endian: score (8 bytes), own score (8), whether it is given (1), then what adds up to the score
(8 each), in the order of the policy: base, factors, bounds of dimensions, bounds. A leaf is that of a segment:
SHA-256(0x00 ‖ salt ‖ packed row), the salt made of the person's key and the run's nonce.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from goodstanding.errors import TamperError
from goodstanding.record.digests import digests
from goodstanding.record.segments.leaves import SALT, KeysOf, Leaves, salts
from goodstanding.scoring import Scores

FIXED: Final = 17
"""Bytes of a packed row before what adds up."""
NUMBER: Final = 8

COLUMNS: Final = ("slot", "score", "own_score", "given")

LINE: Final = "line."
"""What the columns of lines are called by, so that no factor's name is that of another column."""


@dataclass(frozen=True, slots=True)
class Result:
    """Scores as they are kept, one row a person, by slot.

    Attributes:
        names: of what adds up, in order.
        lines: int64, one row a person.
    """

    slots: NDArray[np.uint32]
    score: NDArray[np.int64]
    own_score: NDArray[np.int64]
    given: NDArray[np.bool_]
    names: tuple[str, ...]
    lines: NDArray[np.int64]

    @classmethod
    def of(cls, scores: Scores, slots: NDArray[np.int64]) -> Result:
        """The scores of those who are on record.

        Args:
            slots: of everybody who was scored; negative for who is not on record.
        """
        order = np.argsort(slots, kind="stable")
        order = order[slots[order] >= 0]
        base = np.full((1, order.size), scores.policy.base, np.int64)
        parts: list[NDArray[Any]] = [
            base,
            scores.points[:, order],
            scores.dimension_bounds[:, order],
            scores.bounds[None, order],
        ]
        names = [factor.name for factor in scores.policy.factors]
        bounds = [f"bounds.{dimension.name}" for dimension in scores.policy.dimensions]
        given = scores.given[order]
        return cls(
            slots=slots[order].astype(np.uint32),
            score=np.where(given, scores.score[order], 0),  # without meaning where it is not given
            own_score=np.where(given, scores.own_score[order], 0),
            given=given,
            names=("base", *names, *bounds, "bounds"),
            lines=np.ascontiguousarray(np.concatenate(parts).T),
        )

    def __len__(self) -> int:
        return self.slots.size

    def leaves(self, keys_of: KeysOf, nonce: bytes) -> Leaves:
        """A leaf for each."""
        many, begin = len(self), 1 + SALT
        width = begin + FIXED + NUMBER * len(self.names)
        messages = np.zeros((many, width), np.uint8)
        messages[:, 1:begin] = salts(keys_of(self.slots), nonce)
        messages[:, begin : begin + NUMBER] = _bytes(self.score)
        messages[:, begin + NUMBER : begin + 2 * NUMBER] = _bytes(self.own_score)
        messages[:, begin + 2 * NUMBER] = self.given
        messages[:, begin + FIXED :] = _bytes(self.lines)
        starts = np.arange(many, dtype=np.int64) * width
        return Leaves(self.slots, digests(messages.reshape(-1), starts, starts + width))

    def without(self, slots: NDArray[Any]) -> Result:
        """The rows of all others."""
        kept = ~np.isin(self.slots, slots)
        return replace(
            self,
            slots=self.slots[kept],
            score=self.score[kept],
            own_score=self.own_score[kept],
            given=self.given[kept],
            lines=self.lines[kept],
        )

    def to_bytes(self) -> bytes:
        """As a Parquet file."""
        columns = dict(zip(COLUMNS, (self.slots, self.score, self.own_score, self.given), strict=True))
        lines = {f"{LINE}{name}": self.lines[:, place] for place, name in enumerate(self.names)}
        sink = pa.BufferOutputStream()
        parquet.write_table(pa.table({**columns, **lines}), sink, compression="zstd", compression_level=1)
        return bytes(sink.getvalue())

    @classmethod
    def from_bytes(cls, kept: bytes, where: str) -> Result:
        """What `to_bytes` made.

        Raises:
            TamperError: it cannot be read.
        """
        try:
            table = parquet.read_table(pa.BufferReader(kept))
            names = [name for name in table.column_names if name.startswith(LINE)]
            slots, score, own_score, given = (table.column(name).to_numpy() for name in COLUMNS)
            columns = [table.column(name).to_numpy() for name in names]
        except (pa.ArrowException, OSError, KeyError, ValueError) as fault:
            raise TamperError(f"{where}: not readable ({fault}); restore it from a backup, or score again") from fault
        lines = np.stack(columns, axis=1) if columns else np.zeros((len(table), 0), np.int64)
        return cls(slots, score, own_score, given, tuple(name.removeprefix(LINE) for name in names), lines)


def _bytes(column: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Whole numbers as little-endian bytes, a row each."""
    return np.ascontiguousarray(column.astype("<i8")).reshape(column.shape[0], -1).view(np.uint8)
