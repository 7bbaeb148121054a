"""Bills paid on time, added to files in which there was none (E11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import VOID, Book
from goodstanding.lab.city.kinds import kind_of
from goodstanding.lab.findings.files import Files
from goodstanding.policy import load
from goodstanding.scoring import score

BILL: Final = kind_of("bill.paid")


def told(files: Files) -> Mapping[str, float]:
    """Score everybody without any bill, and with those that were paid on time; only good news counts."""
    policy, book = load("sesame"), files.book()
    columns = book.columns
    is_bill = columns.kind == BILL
    is_late = is_bill & (columns.value > 0)
    without = score(policy, _void(book, is_bill), as_of=files.as_of)
    with_them = score(policy, _void(book, is_late), as_of=files.as_of)
    gain = np.where(without.given & with_them.given, with_them.score - without.score, 0)
    share = 1 / (policy.most - policy.least)
    return {
        "gain": _mean(gain[gain > 0]) * share,
        "rose": float(np.mean(gain > 0)),
        "fell": float(np.mean(gain < 0)),
    }


def _void(book: Book, rows: NDArray[np.bool_]) -> Book:
    """A book without some rows."""
    kinds = np.where(rows, np.uint32(VOID), book.columns.kind)
    return replace(book, columns=replace(book.columns, kind=kinds))


def _mean(values: NDArray[np.int64]) -> float:
    return float(values.mean()) if values.size else nan
