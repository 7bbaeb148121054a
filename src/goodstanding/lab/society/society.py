"""A society: a city that lives month by month under scorers, and answers them.

A month is lived, recorded and scored; then it can be looked at; then people answer it, which decides how the next is
lived. With all mechanisms off nobody answers, and the same things happen as in a city without any score.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from goodstanding.book import cores
from goodstanding.lab.city.arrays import Happened, nothing_yet
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.city import City
from goodstanding.lab.month.beginning import begin
from goodstanding.lab.month.living import ALL, live
from goodstanding.lab.society.adding import accounts_for, fed
from goodstanding.lab.society.circle import Circle
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.consenting import enrol
from goodstanding.lab.society.mechanisms import MECHANISMS
from goodstanding.lab.society.recording import OnRecord, read_by
from goodstanding.lab.society.remembering import Memory
from goodstanding.lab.society.room import clear, give_back
from goodstanding.lab.society.rules import Rule, Variant
from goodstanding.lab.society.seeing import Sight
from goodstanding.lab.society.snapshot import History, Seen, Snapshot
from goodstanding.standing import IN_FORCE, NOT_DUE


class Society:
    """A city under some scorers.

    Args:
        rules: may be empty: a city without any score.
        threads: as many as there are cores if left out; the answers are the same for any number.
        warm_up: months that are lived first, when nobody is scored yet; they are counted, but not shown.

    Attributes:
        month: the next month; the first is 0.
        commons: what mechanisms share.
        record: what scorers read; None where there is no scorer.
        kept: by kind, whether its events are written down; what nobody reads need not be.
    """

    def __init__(
        self,
        city: City,
        rules: Sequence[Rule] = (),
        variant: Variant | None = None,
        *,
        threads: int | None = None,
        warm_up: int = 0,
    ) -> None:
        _check(rules)
        give_back(city.residents)
        self.city = city
        self.rules = tuple(rules)
        self.variant = variant or Variant()
        self.threads = threads or cores()
        self.month = 0
        self._warm_up = warm_up
        self._shown: Snapshot | None = None
        self._fed: list[Happened] = []
        self.kept = read_by(self.rules) if self.rules else ALL
        self.state, before = begin(city, self.threads, self.kept)
        self.tally = nothing_yet(city.residents)
        self._lost = np.zeros(city.residents, np.int32)
        self._refused = np.zeros(city.residents, np.int32)
        accounts = accounts_for(city, self.rules, self.variant)
        circle = Circle(city.edges, city.traits, city.residents + accounts, city.key, city.parameters)
        self.commons = Commons(
            city.key, city.traits, city.parameters, self.rules, self.variant, circle, self.tally, self.threads, accounts
        )
        enrol(self.commons)
        self.mechanisms = [make(self.commons) for name, make in MECHANISMS.items() if self.variant.has(name)]
        self._sights = [Sight(self.commons, place) for place in range(len(self.rules))]
        self.record: OnRecord | None = None
        if self.rules:
            corrects, threads = self.variant.correction, self.threads
            self.record = OnRecord(city, self.rules, accounts, before, corrects=corrects, threads=threads)
        clear(city.residents)

    def step(self) -> Snapshot:
        """The next month, as it stands when everybody has been scored.

        Its arrays are those that the next month is written into: copy what is to be kept.
        """
        self._warm()
        self._answer()
        self._put_on_record()
        seen = self._score()
        self._count(seen)
        self._shown = Snapshot(
            month=self.month,
            traits=self.city.traits,
            state=self.state,
            dispositions=self.commons.dispositions,
            tally=self.tally,
            edges=self.commons.circle.edges,
            seen=seen,
        )
        self.month += 1
        return self._shown

    def run(self, months: int, observe: Callable[[Snapshot], None] | None = None) -> History:
        """So many months, each shown to `observe`.

        Returns:
            All of them side by side.
        """
        self._warm()
        memory = Memory(months, self.tally, [rule.name for rule in self.rules])
        if self.record is not None:
            self.record.expect(months)
        for _ in range(months):
            snapshot = self.step()
            memory.note(snapshot)
            if observe is not None:
                observe(snapshot)
            del snapshot  # the month after needs the room
        return memory.history

    def _warm(self) -> None:
        """The months before anybody is scored, once."""
        while self.month < self._warm_up:
            self._put_on_record()
            self.commons.circle.turn(self.month, None, self.threads)
            self.month += 1

    def _live(self) -> Happened:
        dispositions = self.commons.dispositions
        return live(self.city, self.month, self.state, dispositions, self.tally, self.threads, self.kept)

    def _put_on_record(self) -> None:
        happened = self._live()
        if self.record is not None:
            self.record.add(happened, self.month, self.tally, self._fed)

    def _score(self) -> tuple[Seen, ...]:
        """Score everybody by what is on record."""
        record = self.record
        if record is None:
            return ()
        as_of = month_start(self.month + 1)
        seen = tuple(sight.see(self.commons, record, as_of) for sight in self._sights)
        clear(self.city.residents)
        self._fed = [fed(rule, one, self.month + 1) for rule, one in zip(self.rules, seen, strict=True) if rule.feeds]
        return seen

    def _count(self, seen: tuple[Seen, ...]) -> None:
        """Who is told, who looks into their file, and what the tally has to say of standing."""
        people = self.city.residents
        listed, under, wrong, told = (np.zeros(people, np.bool_) for _ in range(4))
        for one, knows in zip(seen, self.commons.knows, strict=True):
            due = (one.standing.sanctions != NOT_DUE).any(axis=0) & one.enrolled
            in_force = (one.standing.sanctions == IN_FORCE).any(axis=0) & one.enrolled
            listed |= one.standing.listed.any(axis=0) & one.enrolled
            under |= in_force
            wrong |= one.wrongly
            told |= due & ~in_force if self.variant.notice else False
            knows[told] = True
        self.tally.listed_months[:] += listed
        self.tally.sanctioned_months[:] += under
        self.tally.wrong_months[:] += wrong
        refused = self.state.refused_trips + self.tally.refused
        if self.record is not None:
            alarmed = told | (refused > self._refused)
            self.record.disputes.look(self.month, alarmed, self.tally, may_dispute=self.variant.dispute)
        self._refused = refused

    def _answer(self) -> None:
        """People answer the month that was shown, for the one to come."""
        shown, self._shown = self._shown, None
        if shown is None:
            return
        commons = self.commons
        commons.reset()
        for mechanism in self.mechanisms:
            mechanism.act(commons, shown)
        dropped = commons.circle.turn(shown.month, commons.regard, self.threads)
        np.add.at(self._lost, dropped, 1)
        self.tally.welfare[:] -= self._lost * self.city.parameters.number("behaviour_friends.cost_of_loss")


def _check(rules: Sequence[Rule]) -> None:
    """Names are unique, and who is fed is there.

    Raises:
        ValueError: they are not.
    """
    names = [rule.name for rule in rules]
    if len(set(names)) < len(names):
        raise ValueError(f"two scorers of one name among {', '.join(names)}")
    strangers = [rule.feeds for rule in rules if rule.feeds is not None and rule.feeds not in names]
    if strangers:
        raise ValueError(f"{strangers[0]} is to be fed, and is none of {', '.join(names)}")
