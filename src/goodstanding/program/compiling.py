"""From a policy to a program: which operations each factor needs, and where their results lie.

Nothing here depends on a book. Operations that several factors share are done once.
"""

from __future__ import annotations

from dataclasses import dataclass

from goodstanding.measures import Measure, OnList, Operation, Ties
from goodstanding.points import Bands, Points
from goodstanding.policy import Policy
from goodstanding.policy.model import Window
from goodstanding.program import tables as t

FOREVER = 2**40
"""Days: an age that no event reaches."""

FIELDS = {
    None: t.NO_FIELD,
    "amount": t.AMOUNT,
    "value": t.VALUE,
    "party": t.PARTY,
    "matter": t.MATTER,
    "label": t.LABEL,
    "source": t.SOURCE,
}

FORMS = {"whole": t.WHOLE, "fraction": t.FRACTION, "label": t.LABELLED, "listed": t.LISTED, "ties": t.TIED}

TAKES = {"count": t.TIES_COUNT, "mean": t.TIES_MEAN, "min": t.TIES_MIN, "max": t.TIES_MAX}


@dataclass(frozen=True, slots=True)
class Step:
    """One operation within one window, and the slot that takes its result.

    Attributes:
        age_least, age_below: whole days; events of these ages are read.
    """

    operation: Operation
    age_least: int
    age_below: int
    slot: int


@dataclass(frozen=True, slots=True)
class Reader:
    """How one factor, or one requirement of the score, reads its measure and turns it into points.

    Attributes:
        slot, divisor: slots; -1 where there is none.
        scale: a whole measure is its slot divided by this.
        list: which of the policy's lists it reads, or -1.
        take, tie: what a measure of ties takes (`tables.TIES_COUNT` and on), and of which of `tie_kinds`; else 0.
        dimension: which of the policy's, or -1 for a requirement.
    """

    form: int
    slot: int
    divisor: int
    scale: int
    list: int
    take: int
    tie: int
    dimension: int
    points: Points

    @property
    def is_fraction(self) -> bool:
        """Whether its measure has a divisor that differs from person to person."""
        return self.form == t.FRACTION or (self.form == t.TIED and self.take == t.TIES_MEAN)


@dataclass(frozen=True, slots=True)
class Program:
    """A policy, compiled.

    Attributes:
        steps: one a slot.
        readers: one a factor in the policy's order, then one a requirement.
    """

    policy: Policy
    steps: tuple[Step, ...]
    readers: tuple[Reader, ...]

    @property
    def reads_ties(self) -> bool:
        """Whether any factor reads ties."""
        return any(reader.form == t.TIED for reader in self.readers)


class _Slots:
    """Gives every different operation a slot of its own."""

    def __init__(self) -> None:
        self.steps: dict[tuple[Operation, int, int], Step] = {}

    def of(self, operation: Operation, window: Window | None) -> int:
        least = window.to_days if window else 0
        below = window.from_days if window else FOREVER
        key = (operation, least, below)
        if key not in self.steps:
            self.steps[key] = Step(operation, least, below, len(self.steps))
        return self.steps[key].slot


def compile_policy(policy: Policy) -> Program:
    """Compile a policy."""
    slots = _Slots()
    names = _Names(
        lists={rule.name: i for i, rule in enumerate(policy.lists)},
        ties={kind: i for i, kind in enumerate(tie_kinds(policy))},
        dimensions={dimension.name: i for i, dimension in enumerate(policy.dimensions)},
    )
    readers = [
        _reader(slots, names, factor.measure, factor.window, factor.points, names.dimensions[factor.dimension])
        for factor in policy.factors
    ]
    for requirement in policy.requires:
        met = Bands(bands=((None, 0), (requirement.least, 1)), none=0)
        readers.append(_reader(slots, names, requirement.measure, requirement.window, met, -1))
    steps = tuple(slots.steps.values())
    return Program(policy, steps, tuple(readers))


@dataclass(frozen=True, slots=True)
class _Names:
    """The places of a policy's lists, dimensions and kinds of tie."""

    lists: dict[str, int]
    ties: dict[str | None, int]
    dimensions: dict[str, int]


def _reader(
    slots: _Slots, names: _Names, measure: Measure, window: Window | None, points: Points, dimension: int
) -> Reader:
    compiled = measure.compiled()
    places = [slots.of(operation, window) for operation in compiled.operations]
    return Reader(
        form=FORMS[compiled.form],
        slot=places[0] if places else -1,
        divisor=places[1] if len(places) > 1 else -1,
        scale=compiled.scale,
        list=names.lists[measure.list] if isinstance(measure, OnList) else -1,
        take=TAKES[measure.take] if isinstance(measure, Ties) else 0,
        tie=names.ties[measure.tie] if isinstance(measure, Ties) else 0,
        dimension=dimension,
        points=points,
    )


def tie_kinds(policy: Policy) -> tuple[str | None, ...]:
    """The kinds of tie that a policy's factors ask for, None for all, each once."""
    asked = [factor.measure.tie for factor in policy.factors if isinstance(factor.measure, Ties)]
    return tuple(dict.fromkeys(asked))
