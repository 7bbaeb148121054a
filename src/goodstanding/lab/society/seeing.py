"""What each scorer makes of everybody, month by month, and what it would make of them were the record right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.recording import OnRecord
from goodstanding.lab.society.snapshot import Seen
from goodstanding.lab.society.standings import NEVER, Notices, moment_of
from goodstanding.program.compiling import tie_kinds
from goodstanding.scoring import NOT_LISTED, Scorer, Scores, with_ties
from goodstanding.standing import IN_FORCE
from goodstanding.ties import Neighbours


class Sight:
    """One scorer, with the notices that it has given."""

    def __init__(self, commons: Commons, place: int) -> None:
        self.place = place
        self.rule = commons.rules[place]
        self.kinds = tie_kinds(self.rule.policy)
        self.notices = Notices(self.rule.policy, commons.residents)
        self._scorer: Scorer | None = None

    def see(
        self,
        commons: Commons,
        record: OnRecord,
        as_of: int,
    ) -> Seen:
        """Score everybody by what is on record, and say who is listed or sanctioned by error."""
        policy, residents, enrolled = self.rule.policy, commons.residents, commons.enrolled[self.place]
        scorer = self._scorer = Scorer(policy, record.book(), as_of=as_of, like=self._scorer)
        plain = scorer.everyone(commons.threads)
        own = (plain.score, plain.given & np.append(enrolled, np.ones(commons.accounts, np.bool_)))
        around = commons.circle.around(self.kinds)
        scores = with_ties(scorer, plain, around, own) if around else plain
        commons.account_scores[self.place] = scores.own_score[residents:].copy()
        mine = first(scores, residents)
        standing = self.notices.standing(
            mine,
            is_kept=commons.variant.notice,
            waits=record.disputes.waiting() if policy.dispute_days is not None else None,
            threads=commons.threads,
        )
        hit = enrolled & (standing.listed.any(axis=0) | (standing.sanctions == IN_FORCE).any(axis=0))
        wrongly = np.zeros(residents, np.bool_)
        some = np.flatnonzero(hit & record.disputes.wronged())
        if some.size:
            right = self._right(commons, record.right(some), as_of, around, own, some)
            in_force = standing.sanctions[:, some] == IN_FORCE
            wrongly[some] = (standing.listed[:, some] & (right.since == NOT_LISTED)).any(axis=0)
            wrongly[some] |= (in_force & self._not_due(right, some)).any(axis=0)
        return Seen(
            name=self.rule.name,
            policy=policy,
            scores=mine,
            standing=standing,
            enrolled=enrolled.copy(),
            wrongly=wrongly,
        )

    def _right(
        self,
        commons: Commons,
        book: Book,
        as_of: int,
        around: Sequence[Neighbours],
        own: tuple[NDArray[np.int64], NDArray[np.bool_]],
        some: NDArray[np.int64],
    ) -> Scores:
        """The scores of some people on a record that is right, their friends' scores being what they are."""
        scorer = Scorer(self.rule.policy, book, as_of=as_of, like=self._scorer)
        scores = scorer.everyone(commons.threads)
        if not around:
            return scores
        return with_ties(scorer, scores, [of_some(one, some) for one in around], own)

    def _not_due(self, right: Scores, some: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which sanctions would not be due; one row a sanction."""
        policy = self.rule.policy
        due = [
            moment_of(policy, sanction, right, given[some]) != NEVER
            for sanction, given in zip(policy.sanctions, self.notices.given, strict=True)
        ]
        return ~np.array(due, np.bool_).reshape(len(due), some.size)


def first(scores: Scores, people: int) -> Scores:
    """The scores of the first so many people."""
    here = slice(0, people)
    return replace(
        scores,
        people=scores.people[here],
        **{name: getattr(scores, name)[here] for name in ("score", "own_score", "given", "bounds")},
        **{name: getattr(scores, name)[:, here] for name in ("points", "dimension_bounds", "since")},
    )


def rows_of(offsets: NDArray[np.int64], some: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of some people, one after another, and where those of each begin among them."""
    many = offsets[some + 1] - offsets[some]
    begins = np.zeros(some.size + 1, np.int64)
    np.cumsum(many, out=begins[1:])
    return np.repeat(offsets[some] - begins[:-1], many) + np.arange(begins[-1]), begins


def of_some(one: Neighbours, some: NDArray[np.int64]) -> Neighbours:
    """The neighbours of some people."""
    rows, begins = rows_of(one.offsets, some)
    return Neighbours(begins, one.neighbours[rows])
