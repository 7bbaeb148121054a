"""What the specification fixes once for all: days, moments, sizes. Sections are the specification's.

Whatever reads, checks or computes takes them from here; this module rests on nothing but the standard library. Two
packages keep their own on purpose: `reference`, which is to be read beside the specification and shares nothing with
what it checks, and `testing`, whose expected numbers are not to move along with ours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

DAY_US: Final = 86_400_000_000
"""Microseconds in a day: spans are whole days of 86,400 s (section 2)."""

LONGEST_SPAN_DAYS: Final = 36_500
"""Days of the longest span (section 2)."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Where moments are counted from, in microseconds."""

FIRST_YEAR: Final = 1900
END_YEAR: Final = 2200
FIRST_MOMENT: Final = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
END_MOMENT: Final = datetime(END_YEAR, 1, 1, tzinfo=UTC)
"""Moments lie from the first (included) to the end (excluded) (section 1)."""

EARLIEST: Final = (FIRST_MOMENT - EPOCH) // timedelta(microseconds=1)
END: Final = (END_MOMENT - EPOCH) // timedelta(microseconds=1)
"""The same in microseconds since 1970."""

LONGEST_STRING: Final = 128
"""Characters, as code points, of the longest string in an event (section 1)."""

GREATEST_VALUE: Final = 10**12
"""The greatest `amount` and `value`, either way (section 1)."""

MOST_EVENTS: Final = 1_000_000
"""Events a person (section 1)."""

GREATEST_NUMBER: Final = 10**18
"""The greatest number in a policy, either way (section 2)."""

MOST_POINTS: Final = 10_000
"""The most points that a factor gives, either way (section 3)."""

CALENDARS: Final = ("cn",)
"""The calendars that a policy may name (section 2). Nothing counts working days yet: these are names, and the days will
come with the record and the laboratory, which count them (section 5)."""

MOST_LISTED: Final = 20
"""Problems that are put into words; the rest is counted. This one is our own."""
