"""What every kind of measure has, the register of kinds, and the operations that they compile to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias, TypeVar

from goodstanding.document.kinds import OneOf
from goodstanding.document.shapes import Key
from goodstanding.filters import Event, Filter
from goodstanding.limits import DAY_US

Form: TypeAlias = Literal["whole", "fraction", "label", "listed", "ties"]

Code: TypeAlias = Literal["count", "sum", "min", "max", "last", "first_age", "last_age", "distinct", "streak", "decay"]

NUMBER_FIELD: Final = OneOf(("amount", "value"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a measure reads off one person's events: an exact fraction as counted, a label, or nothing.

    Attributes:
        numerator: None together with `label` None: nothing.
        denominator: above 0, not reduced.
        used: the events that the measure used, as indices into those given.
    """

    numerator: int | None = None
    denominator: int | None = None
    label: str | None = None
    used: tuple[int, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the measure is nothing."""
        return self.numerator is None and self.label is None


@dataclass(frozen=True, slots=True)
class Operation:
    """One accumulator over a person's events.

    Attributes:
        code: count, sum, min, max, last (the latest), first_age and last_age (whole days to `as_of`), distinct,
            streak (an event of `where` that also satisfies `onward` adds one, another sets to 0), decay.
        where: filters that must all hold.
        field: events whose field is null are passed over.
    """

    code: Code
    where: tuple[Filter, ...]
    field: str | None = None
    onward: tuple[Filter, ...] = ()
    half_life_days: int = 0


@dataclass(frozen=True, slots=True)
class Compiled:
    """How a measure is made of operations.

    Attributes:
        form: whole: the one operation's result ÷ `scale`; fraction: the first operation's ÷ the second's, nothing
            unless the divisor is above 0; label: the operation is the latest label; listed and ties: no operation.
    """

    form: Form
    operations: tuple[Operation, ...] = ()
    scale: int = 1


class Measure(ABC):
    """One kind of measure: its parameters, the operations that it compiles to, the same by hand, its sentence.

    Attributes:
        in_words: by language, what it reads, as it is told to those who read a policy; its fields are the blanks.
    """

    __slots__ = ()

    kind: ClassVar[str]
    about: ClassVar[str]
    parameters: ClassVar[tuple[Key, ...]]
    sentences: ClassVar[Mapping[str, str]]
    in_words: ClassVar[Mapping[str, str]]
    example: ClassVar[Mapping[str, Any]]

    @property
    def can_be_nothing(self) -> bool:
        """Whether the measure can be nothing (specification section 3, last column)."""
        return False

    @property
    def is_label(self) -> bool:
        """Whether the measure is a label, not a number."""
        return False

    @property
    def sentence(self) -> Mapping[str, str]:
        """By language, the sentence that explains it where the factor has none of its own."""
        return self.sentences

    @property
    def told(self) -> Mapping[str, str]:
        """By language, what it reads."""
        return self.in_words

    def filters(self) -> tuple[Filter, ...]:
        """The filters by which it selects events."""
        return ()

    @abstractmethod
    def compiled(self) -> Compiled:
        """The operations that make it."""

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:
        """The same in plain Python, for the events of one person in order, already cut to the window.

        Raises:
            TypeError: it is not read off events (`on_list`, `ties`).
        """
        raise TypeError(f"{self.kind} is not read off events: {len(events)} of them by {as_of_us} say nothing of it")


MEASURES: Final[dict[str, type[Measure]]] = {}

M = TypeVar("M", bound=type[Measure])


def register(measure: M) -> M:
    """Add a kind of measure to the register, under its name.

    Raises:
        ValueError: the name is taken.
    """
    if measure.kind in MEASURES:
        raise ValueError(f"two kinds of measure are called {measure.kind!r}")
    MEASURES[measure.kind] = measure
    return measure


def bilingual(en: str, zh: str) -> dict[str, str]:
    """A sentence in English and Chinese."""
    return {"en": en, "zh": zh}


def selected(events: Sequence[Event], filters: Iterable[Filter], field: str | None = None) -> list[int]:
    """The indices of the events that pass all filters, and have the field where one is given."""
    tests = tuple(filters)
    return [
        index
        for index, event in enumerate(events)
        if all(test.matches(event) for test in tests) and (field is None or event.get(field) is not None)
    ]


def whole(number: int, used: Iterable[int]) -> Reading:
    """A reading that is a whole number."""
    return Reading(number, 1, None, tuple(sorted(set(used))))


def divided(numerator: int, denominator: int, used: Iterable[int]) -> Reading:
    """A reading that is a fraction; nothing unless the divisor is above 0, and then the events are why."""
    evidence = tuple(sorted(set(used)))
    return Reading(numerator, denominator, None, evidence) if denominator > 0 else Reading(used=evidence)


def age_days(time_us: int, as_of_us: int) -> int:
    """Whole days, rounded down, from a moment to `as_of`."""
    return (as_of_us - time_us) // DAY_US
