"""Groups of residents whose lots are told apart, and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goodstanding.document.kinds import Text
from goodstanding.lab.city.arrays import Traits

Flags = NDArray[np.bool_]

OLD, YOUNG = 60, 40
"""From the first on, and below the second, in years: pension age for men, and the younger half of adults."""

BACHELOR = 2
"""The code of a bachelor's degree in `Traits.education`."""


class Pair(NamedTuple):
    """Two groups of residents, and what they are compared on."""

    first: Flags
    second: Flags


GROUPS: Final[Mapping[str, Text]] = {
    "": Text({"en": "everybody", "zh": "全体"}),
    "minority": Text({"en": "the minority against all others", "zh": "少数群体与其他人"}),
    "schooling": Text({"en": "no degree at all against a bachelor's and more", "zh": "无学历者与本科及以上"}),
    "income": Text({"en": "the poorest fifth against the richest", "zh": "收入最低五分之一与最高五分之一"}),
    "age": Text({"en": "60 and older against 39 and younger", "zh": "60 岁及以上与 39 岁及以下"}),
    "outspoken": Text({"en": "the most outspoken fifth against the least", "zh": "最敢言五分之一与最不敢言五分之一"}),
    "honest": Text({"en": "the most honest quarter", "zh": "最诚信的四分之一"}),
    "dishonest": Text({"en": "the least honest quarter", "zh": "最不诚信的四分之一"}),
    "loud": Text({"en": "the most outspoken fifth", "zh": "最敢言的五分之一"}),
    "members": Text({"en": "Party members", "zh": "党员"}),
    "others": Text({"en": "all others", "zh": "其他人"}),
    "listed": Text({"en": "those whom a court has listed", "zh": "曾被法院列入名单者"}),
    "unlisted": Text({"en": "those whom no court has listed", "zh": "未曾被法院列入名单者"}),
    "rose": Text({"en": "those who rose", "zh": "上升者"}),
    "stayed": Text({"en": "those who stayed", "zh": "不变者"}),
    "fell": Text({"en": "those who fell", "zh": "下降者"}),
    **{
        f"tenth {number}": Text({"en": f"income, tenth {number} of 10 from below", "zh": f"收入第 {number} 个十分位"})
        for number in range(1, 11)
    },
    **{
        f"p{share}": Text({"en": f"the score that {share} % do not pass", "zh": f"第 {share} 百分位"})
        for share in (10, 25, 50, 75, 90)
    },
}
"""By the name under which a figure stands; tiers, lists and sanctions have their own names in the policy."""


def group_title(name: str) -> Text:
    """What a group is called; a name that a policy gave stands for itself."""
    return GROUPS.get(name, Text({"": name}))


class Groups:
    """Who belongs where; worked out once, since nobody changes group."""

    def __init__(self, traits: Traits) -> None:
        self.traits = traits

    @cached_property
    def income_tenths(self) -> NDArray[np.uint8]:
        """0 the poorest to 9."""
        return parts(self.traits.income, 10)

    @cached_property
    def outspoken_fifths(self) -> NDArray[np.uint8]:
        """0 the least outspoken to 4."""
        return parts(self.traits.outspoken, 5)

    @cached_property
    def pairs(self) -> Mapping[str, Pair]:
        """By name, the two groups between which gaps are measured."""
        traits = self.traits
        return {
            "minority": Pair(traits.minority, ~traits.minority),
            "schooling": Pair(traits.education == 0, traits.education >= BACHELOR),
            "income": Pair(self.income_tenths < 2, self.income_tenths >= 8),  # noqa: PLR2004 - two tenths are a fifth
            "age": Pair(traits.age >= OLD, traits.age < YOUNG),
            "outspoken": Pair(self.outspoken_fifths == 4, self.outspoken_fifths == 0),  # noqa: PLR2004 - the last of five
        }

    @cached_property
    def by_honesty(self) -> Mapping[str, Flags]:
        """Everybody, and the two ends."""
        quarters = parts(self.traits.honesty, 4)
        return {"": self.everybody, "dishonest": quarters == 0, "honest": quarters == quarters.max(initial=0)}

    @cached_property
    def by_minority(self) -> Mapping[str, Flags]:
        """Everybody, the minority, all others."""
        return {"": self.everybody, "minority": self.traits.minority, "others": ~self.traits.minority}

    @cached_property
    def by_voice(self) -> Mapping[str, Flags]:
        """Everybody, the most outspoken, members and all others."""
        member = self.traits.member
        return {"": self.everybody, "loud": self.outspoken_fifths == 4, "members": member, "others": ~member}  # noqa: PLR2004 - the last of five

    @property
    def everybody(self) -> Flags:
        """All true."""
        return np.ones(self.traits.age.size, np.bool_)


def parts(values: NDArray[np.generic], many: int) -> NDArray[np.uint8]:
    """Residents in parts of equal size by a number, 0 the lowest; of equal numbers the first stand below."""
    ranks = np.empty(values.size, np.int64)
    ranks[np.argsort(values, kind="stable")] = np.arange(values.size)
    return (ranks * many // max(values.size, 1)).astype(np.uint8)
