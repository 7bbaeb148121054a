"""Many futures of one person, scored at once by the real engine.

A future is what the person's record would be after some days in which they have done this and that. All rules look back
from `as_of` by spans, so the score of a record at a later moment is the score, now, of the same record moved back by as
much; and so all futures of one question are people of one book, scored in one pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from goodstanding.book import Book
from goodstanding.events import EVENT_SCHEMA
from goodstanding.explanation.deeds import Deed
from goodstanding.explanation.situation import Situation, order
from goodstanding.limits import DAY_US
from goodstanding.policy import Policy
from goodstanding.program.compiling import tie_kinds
from goodstanding.scoring import Scorer, Scores, with_ties
from goodstanding.standing import stand
from goodstanding.ties import Neighbours

Times = tuple[int, ...]
"""How often each deed is done, in the order of the deeds."""

Future = tuple[Times, int]
"""Deeds, and the day for which is scored."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the engine gives for one future: the place of the tier (−1: none) and the score."""

    tier: int
    score: int | None

    @property
    def worth(self) -> int:
        """For comparing futures that do not reach a tier."""
        return -1 if self.score is None else self.score


@dataclass(slots=True)
class Futures:
    """The futures of one person, each scored once."""

    policy: Policy
    one: Situation
    deeds: Sequence[Deed]
    known: dict[Future, Prospect] = field(default_factory=dict)

    def future(self, times: Times, wait_days: int = 0) -> Future:
        """These deeds, seen on the last day of them or after waiting, if that is later."""
        done = (deed.days(often) for deed, often in zip(self.deeds, times, strict=True) if often)
        return times, max([wait_days, *done])

    def prospects(self, futures: Iterable[Future]) -> list[Prospect]:
        """Score futures, those not known yet in one pass."""
        wanted = list(futures)
        unknown = list(dict.fromkeys(future for future in wanted if future not in self.known))
        if unknown:
            self.known.update(zip(unknown, self._scored(unknown), strict=True))
        return [self.known[future] for future in wanted]

    def _scored(self, futures: Sequence[Future]) -> list[Prospect]:
        names = [f"{place:08d}" for place in range(len(futures))]
        events = [event for name, future in zip(names, futures, strict=True) for event in self._record(name, *future)]
        # Moved back, an event may come to lie before the first moment of a record: so these are not held to its rules.
        book = Book.build([pa.RecordBatch.from_pylist(events, EVENT_SCHEMA)])
        scorer = Scorer(self.policy, book, as_of=self.one.as_of, people=names)
        scores = self._with_friends(scorer, scorer.everyone(threads=1))
        rows = zip(stand(scores).tier.tolist(), scores.score.tolist(), scores.given.tolist(), strict=True)
        return [Prospect(tier, score if given else None) for tier, score, given in rows]

    def _record(self, name: str, times: Times, days: int) -> list[dict[str, Any]]:
        """The person's record after some days, moved back by as many, under another name."""
        done = [
            event for deed, often in zip(self.deeds, times, strict=True) for event in deed.events(often, self.one.as_of)
        ]
        return [
            {
                **event,
                "person": name,
                "id": f"{name}-{place:07d}",
                "time": event["time"] - days * DAY_US,
                "recorded": None,
                "replaces": None,
            }
            for place, event in enumerate(sorted([*self.one.events, *done], key=order))
        ]

    def _with_friends(self, scorer: Scorer, scores: Scores) -> Scores:
        """Friends as they are now, in every future."""
        if not scorer.program.reads_ties:
            return scores
        own = np.array([score for score, _ in self.one.friends], np.int64), np.ones(len(self.one.friends), np.bool_)
        around = []
        for kind in tie_kinds(self.policy):
            here = [place for place, (_, of) in enumerate(self.one.friends) if kind is None or of == kind]
            offsets = np.arange(len(scores) + 1, dtype=np.int64) * len(here)
            around.append(Neighbours(offsets, np.tile(np.array(here, np.int32), len(scores))))
        return with_ties(scorer, scores, around, own)
