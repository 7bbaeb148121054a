"""The least changes in a person's own power that would reach the next tier, each found by scoring it.

What is tried, and in which order, is fixed, so the same question has the same answer:

1. waiting: the days on which something ends, fades or comes of age by itself, within two years;
2. every single deed (module `deeds`), once or more often;
3. deeds put together step by step, the most gain for a change first, with and without first closing the lists that the
   person is on; and what was so found with waiting.

First only deeds of kinds that the person has done before, since these are in their power; then kinds that are new to
the record too, of which the best way is told if it is sooner than the others, and said to be new. Whatever is not
needed is taken away again. A way is told only if the real engine gives the tier for it, and no other takes as few
changes and as little time. That nothing shorter can be imagined is not promised; that it leads there, under these rules
and if nothing else happens, is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from goodstanding.book import Book
from goodstanding.explanation.deeds import Deed, Ground
from goodstanding.explanation.evidence import Evidence
from goodstanding.explanation.futures import Future, Futures, Prospect, Times
from goodstanding.explanation.situation import Situation, situation
from goodstanding.explanation.waiting import critical_days
from goodstanding.policy import Policy, Tier
from goodstanding.ties import Ties

HORIZON_DAYS = 730
MOST_OF_A_DEED = 36
TIMES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 18, 24, 36)
STEPS = (1, 3, 6, 12)
ROUNDS = 16
WAYS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """So many of these deeds, by then.

    Attributes:
        deeds: each with how often, only those that are done.
        days: from now to the day for which it was scored.
    """

    deeds: tuple[tuple[Deed, int], ...]
    days: int
    prospect: Prospect

    @property
    def changes(self) -> int:
        """How many things there are to do."""
        return sum(times for _, times in self.deeds)

    @property
    def is_new(self) -> bool:
        """Whether it asks for a kind of thing that the person has never done, as far as the record tells."""
        return any(not deed.on_record and not deed.closes for deed, _ in self.deeds)


@dataclass(frozen=True, slots=True)
class Reach:
    """How one person might reach the next tier.

    Attributes:
        state: found; none (nothing that was tried reaches it); top (there is no higher tier); no_tiers.
        ways: the fewest changes first.
        best: the highest score that anything tried came to.
        tried: how many futures were scored.
    """

    policy: Policy
    person: str
    as_of: int
    state: str
    now: Prospect
    next: Tier | None
    on_lists: tuple[str, ...]
    ways: tuple[Way, ...]
    best: int | None
    tried: int


def reach(
    policy: Policy,
    book: Book,
    person: str,
    *,
    as_of: int | datetime,
    recorded_by: int | datetime | None = None,
    people: Sequence[str] | None = None,
    ties: Ties | None = None,
) -> Reach:
    """Look for the least changes in a person's own power that would reach the next tier.

    Raises:
        UnknownPersonError: the person is not in the population.
        WorldError: the record is live and the policy is for synthetic worlds.
        ValueError: a datetime has no zone.
    """
    one = situation(policy, book, person, as_of=as_of, recorded_by=recorded_by, people=people, ties=ties)
    return reachable(policy, one)


def reachable(policy: Policy, one: Situation) -> Reach:
    """Look for the least changes for a person whose events and friends are at hand."""
    evidence = Evidence.of(policy, one.events, one.as_of, one.friends)
    every = Ground(evidence, HORIZON_DAYS, MOST_OF_A_DEED).deeds()
    before = tuple(deed for deed in every if deed.on_record or deed.closes)
    search = Search(Futures(policy, one, before), evidence)
    now = search.now
    if now.tier + 1 >= len(policy.tiers):
        state = "top" if policy.tiers else "no_tiers"
        return Reach(policy, one.person, one.as_of, state, now, None, (), (), now.score, 0)
    ways, tried, best = search.ways(now.tier + 1), search.tried, search.best
    if before != every:
        search = Search(Futures(policy, one, every), evidence)
        sooner = [way for way in search.ways(now.tier + 1) if all(way.days < other.days for other in ways)]
        ways, tried, best = (*ways, *sooner[:1]), tried + search.tried, search.best
    goal = policy.tiers[now.tier + 1]
    blocking = tuple(name for name in goal.not_on if name in evidence.listings)
    state = "found" if ways else "none"
    return Reach(policy, one.person, one.as_of, state, now, goal, blocking, ways, best, tried)


@dataclass(frozen=True, slots=True)
class Search:
    """One search among the futures that some deeds and waiting make."""

    futures: Futures
    evidence: Evidence

    @property
    def deeds(self) -> Sequence[Deed]:
        """What may be done."""
        return self.futures.deeds

    @property
    def nothing(self) -> Times:
        """No deed at all."""
        return (0,) * len(self.deeds)

    @property
    def now(self) -> Prospect:
        """How it stands."""
        return self.futures.prospects([(self.nothing, 0)])[0]

    @property
    def best(self) -> int | None:
        """The highest score seen."""
        return max((seen.score for seen in self.futures.known.values() if seen.score is not None), default=None)

    @property
    def tried(self) -> int:
        """How many futures were scored."""
        return len(self.futures.known)

    def ways(self, goal: int) -> tuple[Way, ...]:
        """The ways found, none of which another betters both in changes and in days; the fewest changes first."""
        found = dict.fromkeys(self._pruned(future, goal) for future in self._reaching(goal))
        best: list[Way] = []
        for way in sorted(
            (self._way(future) for future in found), key=lambda way: (way.changes, way.days, len(way.deeds))
        ):
            if all(way.days < other.days for other in best):
                best.append(way)
        return tuple(best[:WAYS])

    def _reaching(self, goal: int) -> Iterator[Future]:
        yield from self._single_deeds(goal)
        closing = tuple(int(deed.closes) for deed in self.deeds)
        for start in dict.fromkeys([self.nothing, closing]):
            yield from self._first([self.futures.future(start, wait) for wait in self._waits()], goal)
            climbed = self._climb(start, goal)
            yield from self._first([self.futures.future(climbed, wait) for wait in (0, *self._waits())], goal)

    def _waits(self) -> list[int]:
        return critical_days(self.evidence, HORIZON_DAYS)

    def _first(self, futures: Sequence[Future], goal: int) -> Iterator[Future]:
        """The first of some futures that reaches the goal, if one does."""
        for future, what in zip(futures, self.futures.prospects(futures), strict=True):
            if what.tier >= goal:
                yield future
                return

    def _single_deeds(self, goal: int) -> Iterator[Future]:
        futures = [
            [
                self.futures.future((*self.nothing[:place], often, *self.nothing[place + 1 :]))
                for often in TIMES
                if often <= deed.most
            ]
            for place, deed in enumerate(self.deeds)
        ]
        self.futures.prospects(future for of_deed in futures for future in of_deed)
        for of_deed in futures:
            yield from self._first(of_deed, goal)

    def _climb(self, times: Times, goal: int) -> Times:
        """Add deeds, the most gain for a change first, until the goal is reached or nothing gains any more."""
        for _ in range(ROUNDS):
            now = self.futures.prospects([self.futures.future(times)])[0]
            steps = list(self._steps(times))
            if now.tier >= goal or not steps:
                break
            seen = self.futures.prospects(self.futures.future(step) for step in steps)
            reached = [step for step, what in zip(steps, seen, strict=True) if what.tier >= goal]
            if reached:
                return min(reached, key=sum)
            gains = [
                (what.worth - now.worth) / (sum(step) - sum(times)) for step, what in zip(steps, seen, strict=True)
            ]
            if max(gains) <= 0:
                break
            times = steps[gains.index(max(gains))]
        return times

    def _steps(self, times: Times) -> Iterator[Times]:
        for place, deed in enumerate(self.deeds):
            for more in STEPS:
                if times[place] + more <= deed.most:
                    yield (*times[:place], times[place] + more, *times[place + 1 :])

    def _pruned(self, future: Future, goal: int) -> Future:
        """Take away deeds that are not needed, one kind after the other; then wait no longer than is needed."""
        times, wait = future
        for place in range(len(times)):
            less = [(*times[:place], fewer, *times[place + 1 :]) for fewer in range(times[place])]
            times = next((one[0] for one in self._first([self.futures.future(one, wait) for one in less], goal)), times)
        sooner = [self.futures.future(times, less) for less in (0, *self._waits()) if less < wait]
        return next(self._first(sooner, goal), (times, wait))

    def _way(self, future: Future) -> Way:
        done = tuple((deed, often) for deed, often in zip(self.deeds, future[0], strict=True) if often)
        return Way(done, future[1], self.futures.prospects([future])[0])
