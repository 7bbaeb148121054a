"""What a list did to the scores of those whom it names, in numbers: by size of fall, and by tier.

Only they are scored, before and after. Friends' scores are not looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.book import Book
from goodstanding.book.leaving import without
from goodstanding.book.merging import merge
from goodstanding.policy import Policy
from goodstanding.scoring import Scores, check_world, score
from goodstanding.standing import stand

SIZES: Final = (1, 25, 50, 100, 150, 200, 300)
"""Where one size of fall ends and the next begins."""
NO_TIER: Final = "none"


@dataclass(frozen=True, slots=True)
class Falls:
    """How scores moved.

    Attributes:
        people: how many were scored, before and after.
        fell: how many by 1 to 24 points, and so on. same, rose: how many did not fall.
        tiers: how many passed from one tier to another one.
    """

    people: int
    same: int
    rose: int
    fell: dict[str, int]
    tiers: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def falls(policy: Policy, book: Book, people: Any, events: Iterable[Any], *, as_of: int) -> Falls:
    """What events did to people's scores.

    Args:
        book: of before. people: whom to look at. events: batches that came since, none of which the book holds.

    Raises:
        WorldError: the home is live, and the policy is for synthetic worlds.
    """
    check_world(policy, book.world)
    wanted = pc.unique(people.cast(pa.large_string()))
    before = _only(book, wanted)
    after = merge(before, Book.build(events, world=book.world))
    names = wanted.cast(pa.string())
    return _compared(policy, *(score(policy, one, as_of=as_of, people=names) for one in (before, after)))


def _only(book: Book, people: Any) -> Book:
    """The book of some people."""
    others = pc.invert(pc.is_in(book.people, people))
    return without(book, book.people.filter(others))


def _compared(policy: Policy, before: Scores, after: Scores) -> Falls:
    both = before.given & after.given
    lost = np.where(both, before.score - after.score, 0)
    fell = {}
    for low, end in pairwise([*SIZES, None]):
        many = int(((lost >= low) & (lost < end if end else True)).sum())
        if many:
            fell[f"{low}-{end - 1}" if end else f"{low} or more"] = many
    names = [*(tier.name for tier in policy.tiers), NO_TIER]  # −1 is none
    tiers = (stand(one).tier.tolist() for one in (before, after))
    moved = Counter(f"{names[old]} > {names[new]}" for old, new in zip(*tiers, strict=True) if old != new)
    same, rose = int((both & (lost == 0)).sum()), int((lost < 0).sum())
    return Falls(int(both.sum()), same, rose, fell, dict(moved))
