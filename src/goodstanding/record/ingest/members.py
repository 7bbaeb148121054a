"""A set of keyed hashes that is asked for millions of others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from goodstanding.record.ingest.fingerprints import Hashes
from goodstanding.record.ingest.probing import among, index_by_prefix


class Members:
    """Hashes, found by their upper bits: about one for each prefix.

    Args:
        hashes: ascending, all different.
    """

    def __init__(self, hashes: Hashes) -> None:
        self._hashes = hashes
        bits = max(1, len(hashes).bit_length())
        self._shift = np.uint64(64 - bits)
        self._starts = np.zeros((1 << bits) + 1, np.int64)
        index_by_prefix(hashes, self._shift, self._starts)

    def __len__(self) -> int:
        return len(self._hashes)

    def hold(self, wanted: Hashes) -> npt.NDArray[np.bool_]:
        """Which of these are in the set."""
        found = np.zeros(len(wanted), np.bool_)
        among(self._hashes, self._shift, self._starts, wanted, found)
        return found
