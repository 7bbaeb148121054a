"""What a city's draws decide, each by a number of its own: 100 to 199 belong to cities, and none is used twice."""

from __future__ import annotations

from typing import Final

HOUSEHOLD_SIZE: Final = 100
ANOTHER_ADULT: Final = 101
AGE: Final = 102
DISTRICT: Final = 103
GROUP: Final = 104
SCHOOLING: Final = 105
SHARED_SCHOOLING: Final = 106
WORK: Final = 107
INCOME: Final = 108
HONESTY: Final = 109
OUTSPOKENNESS: Final = 110
SOCIABILITY: Final = 111
GAMES: Final = 112
MEANS: Final = 113
PARENTHOOD: Final = 114
CAR: Final = 115
CARD: Final = 116
MEMBERSHIP: Final = 117

RELATIVES: Final = 130
"""How many households of relatives."""
RELATIVE: Final = 131
"""Which household is one of relatives."""
PICKS: Final = 132
"""How many friends somebody looks for."""
MEETING: Final = 133
"""Whom one meets while looking for a friend, and who of them it becomes."""
KEEPING: Final = 134
"""Whether one looks for a friend nearby, and only in one's own group."""
CLOSING: Final = 135
"""Which friend's friend becomes one's own."""
