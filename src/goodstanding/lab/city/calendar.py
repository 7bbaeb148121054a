"""The laboratory's months: calendar months of UTC, of which month 0 begins on 1 January 2018."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

FIRST_YEAR: Final = 2018
MONTHS: Final = 12
DAY_US: Final = 86_400_000_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def month_start(month: int) -> int:
    """When a month begins, in microseconds since 1970; months below 0 lie before 2018."""
    years, of_year = divmod(month, MONTHS)
    begins = datetime(FIRST_YEAR + years, of_year + 1, 1, tzinfo=UTC)
    return (begins - EPOCH) // timedelta(microseconds=1)


def month_starts(first: int, beyond: int) -> NDArray[np.int64]:
    """When the months from `first` to `beyond` begin, both included."""
    return np.array([month_start(month) for month in range(first, beyond + 1)], np.int64)


def days_in(month: int) -> int:
    """How many days a month has."""
    return (month_start(month + 1) - month_start(month)) // DAY_US


def month_label(month: int) -> str:
    """A month as it is written: `2018-03`."""
    years, of_year = divmod(month, MONTHS)
    return f"{FIRST_YEAR + years}-{of_year + 1:02d}"
