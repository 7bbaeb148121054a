"""One cell lived through: a city under its scorers, month by month, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.lab.city.arrays import DEGREES, WORKS, Tally, Traits
from goodstanding.lab.city.city import found, names
from goodstanding.lab.experiments.model import Cell
from goodstanding.lab.experiments.running import Lived
from goodstanding.lab.experiments.sampling import Sample, named
from goodstanding.lab.experiments.stories import stories
from goodstanding.lab.experiments.tables import MEASURES, CellTables
from goodstanding.lab.measures import Row, of_month, of_run
from goodstanding.lab.month.chronicle import Wrongs
from goodstanding.lab.society.rules import Rule, Variant
from goodstanding.lab.society.snapshot import NO_SCORE, History, Snapshot
from goodstanding.lab.society.society import Society


def live_cell(cell: Cell, threads: int, lived: Lived) -> CellTables:
    """Live through a cell: the same tables for any number of threads."""
    experiment, first = cell.experiment, cell.scorings[0]
    parameters = cell.parameters
    city = found(experiment.residents, cell.seed, parameters, threads)
    society = Society(city, rules(cell), variant(cell), threads=threads, warm_up=experiment.warm_up)
    watch = Watch(cell, Sample(first.policy, first.name, experiment.residents), lived)
    history = society.run(experiment.months, watch.see)
    begins = experiment.warm_up
    of_whole = of_run(history, city.traits, society.tally, experiment.measures, first_month=begins)
    return CellTables(
        measures=measured([*watch.rows, *of_whole]),
        residents=residents(city.traits, society.tally, history, watch.sample),
        history=watch.sample.history(),
        stories=stories(watch.sample, lambda some: on_record(society, some)),
    )


def on_record(society: Society, some: NDArray[np.int64]) -> tuple[Book, Wrongs]:
    """What is on record of some residents at the end, and which rows of everybody's are wrong."""
    record = society._record  # noqa: SLF001 nobody else asks for it
    assert record is not None, "every cell has a scorer"
    chronicle = record._chronicle  # noqa: SLF001 the same
    return chronicle.book(people=some), chronicle.wrongs()


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
    """

    cell: Cell
    sample: Sample
    lived: Lived
    rows: list[Row] = field(default_factory=list)

    def see(self, snapshot: Snapshot) -> None:
        """See one month."""
        experiment = self.cell.experiment
        self.sample.note(snapshot)
        done = len(self.sample.months)
        is_last = done == experiment.months
        if is_last or done % experiment.observe_every == 0:
            self.rows += of_month(snapshot, experiment.measures, slow=is_last)
        self.lived(experiment.residents * (1 + (experiment.warm_up if done == 1 else 0)))


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
