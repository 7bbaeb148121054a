"""One cell lived through: a city under its scorers, month by month, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import DEGREES, WORKS, Tally, Traits
from goodstanding.lab.city.city import found, names
from goodstanding.lab.experiments.model import Cell
from goodstanding.lab.experiments.running import Lived
from goodstanding.lab.experiments.sampling import LATE, Sample, named
from goodstanding.lab.experiments.stories import Record, choose, files_of, stories
from goodstanding.lab.experiments.stories import Row as OnRecord
from goodstanding.lab.experiments.tables import MEASURES, CellTables
from goodstanding.lab.measures import Row, of_month, of_run
from goodstanding.lab.month.chronicle import Chronicle
from goodstanding.lab.society.rules import Rule, Variant
from goodstanding.lab.society.snapshot import NO_SCORE, History, Snapshot
from goodstanding.lab.society.society import Society


def live_cell(cell: Cell, threads: int, lived: Lived) -> CellTables:
    """Live through a cell: the same tables for any number of threads."""
    experiment, first = cell.experiment, cell.scorings[0]
    parameters = cell.parameters
    city = found(experiment.residents, cell.seed, parameters, threads)
    society = Society(city, rules(cell), variant(cell), threads=threads, warm_up=experiment.warm_up)
    watch = Watch(cell, society, Sample(first.policy, first.name, experiment.residents), lived)
    history = society.run(experiment.months, watch.see)
    begins = experiment.warm_up
    of_whole = of_run(history, city.traits, society.tally, experiment.measures, first_month=begins)
    chosen = choose(watch.sample)
    return CellTables(
        measures=measured([*watch.rows, *of_whole]),
        residents=residents(city.traits, society.tally, history, watch.sample),
        history=watch.sample.history(),
        stories=stories(watch.sample, chosen, watch.record(list(chosen.values()))),
    )


def rules(cell: Cell) -> tuple[Rule, ...]:
    """The cell's scorers, as a society takes them."""
    feeds = cell.variant.feeds or {}
    return tuple(
        Rule(one.name, one.policy, cell.variant.enrolment_of(one.name), feeds.get(one.name)) for one in cell.scorings
    )


def variant(cell: Cell) -> Variant:
    """What is on in the cell, as a society takes it."""
    plan = cell.variant
    return Variant(
        plan.mechanisms, told=plan.told, notice=plan.notice, dispute=plan.dispute, correction=plan.correction
    )


@dataclass(slots=True)
class Watch:
    """Sees every month, and measures those that are observed; the last one is in any case.

    Attributes:
        rows: what was measured.
        struck: what was on record of those whom an error struck, when it did.
    """

    cell: Cell
    society: Society
    sample: Sample
    lived: Lived
    rows: list[Row] = field(default_factory=list)
    struck: dict[int, list[OnRecord]] = field(default_factory=dict)

    def see(self, snapshot: Snapshot) -> None:
        """See one month."""
        experiment = self.cell.experiment
        self.sample.note(snapshot)
        self._keep_struck()
        done = len(self.sample.months)
        is_last = done == experiment.months
        if is_last or done % experiment.observe_every == 0:
            self.rows += of_month(snapshot, experiment.measures, slow=is_last)
        self.lived(experiment.residents * (1 + (experiment.warm_up if done == 1 else 0)))

    def _keep_struck(self) -> None:
        """Keep what is on record of those of the followed whom an error strikes this month."""
        new = [number for number in self.sample.wronged if number not in self.struck][: LATE - len(self.struck)]
        if new:
            self.struck |= self._files(np.array(new, np.int64))

    def _files(self, numbers: NDArray[np.int64]) -> dict[int, list[OnRecord]]:
        return files_of(chronicle(self.society).book(people=numbers), numbers)

    def record(self, numbers: Sequence[int]) -> Record:
        """What is on record of some residents at the end."""
        wrongs = chronicle(self.society).wrongs()
        wrong = frozenset(zip(wrongs.person.tolist(), wrongs.time.tolist(), strict=True))
        return Record(self._files(np.array(sorted(numbers), np.int64)), self.struck, wrong)


def chronicle(society: Society) -> Chronicle:
    """What is on record of everybody."""
    assert society.record is not None, "every cell has a scorer"
    return society.record.chronicle


def measured(rows: list[Row]) -> pa.Table:
    """The table of measures, in the order of months."""
    ordered = sorted(rows, key=lambda row: row.month)
    columns = {name: [getattr(row, name) for row in ordered] for name in MEASURES.names}
    return pa.table(columns, schema=MEASURES)


def residents(traits: Traits, tally: Tally, history: History, sample: Sample) -> pa.Table:
    """One row a resident: what they were, how they stood first and last, and what befell them."""
    scores, tiers = history.scores[sample.scorer], history.tiers[sample.scorer]
    words = [tier.name for tier in sample.policy.tiers]
    columns: dict[str, Any] = {
        "resident": names(traits.age.size).cast(pa.string()),
        **_of_traits(traits),
    }
    for when, row in (("first", 0), ("last", -1)):
        known = scores[row] != NO_SCORE
        columns[f"{when}_score"] = pa.array(scores[row], mask=~known)
        columns[f"{when}_tier"] = named(words, tiers[row], known)
    return pa.table(columns | {name: pa.array(column) for name, column in tally._asdict().items()})


def _of_traits(traits: Traits) -> Mapping[str, Any]:
    """Traits by name; degrees and works in words."""
    words: dict[str, list[str]] = {"education": ["school", *DEGREES[1:]], "work": list(WORKS)}
    given: Mapping[str, NDArray[Any]] = traits._asdict()
    everybody = np.ones(traits.age.size, np.bool_)
    return {
        name: named(words[name], column, everybody) if name in words else pa.array(column)
        for name, column in given.items()
    }
