"""Measures that read one filter: how many, how much, the least and the greatest, the latest, how long since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from goodstanding.document.kinds import OneOf, Span
from goodstanding.document.shapes import Key
from goodstanding.filters import FILTER, Event, Filter
from goodstanding.measures.base import (
    NUMBER_FIELD,
    Code,
    Compiled,
    Measure,
    Operation,
    Reading,
    age_days,
    bilingual,
    divided,
    register,
    selected,
    whole,
)
from goodstanding.measures.decay import DECAY_SCALE, decay_weight

OF = Key("of", FILTER, "The events that are read.", required=True)
FIELD = Key("field", NUMBER_FIELD, "The column that is read; events without it are passed over.", required=True)


@dataclass(frozen=True, slots=True)
class OfEvents(Measure):
    """What the measures of one filter share."""

    of: Filter

    parameters: ClassVar[tuple[Key, ...]] = (OF,)

    def filters(self) -> tuple[Filter, ...]:
        """The one filter."""
        return (self.of,)


@dataclass(frozen=True, slots=True)
class OfField(OfEvents):
    """What the measures of one column of the events of one filter share."""

    field: str

    parameters: ClassVar[tuple[Key, ...]] = (OF, FIELD)

    def having(self, events: Sequence[Event]) -> list[int]:
        """The events of the filter that have the field."""
        return selected(events, self.filters(), self.field)

    def operation(self, code: Code) -> Operation:
        """An accumulator over those events."""
        return Operation(code, self.filters(), self.field)


@register
@dataclass(frozen=True, slots=True)
class Count(OfEvents):
    """How many events there are."""

    kind: ClassVar = "count"
    about: ClassVar = "How many events there are."
    sentences: ClassVar = bilingual("Events counted: {numerator}.", "共{numerator}次。")
    in_words: ClassVar = bilingual("how many events there are: {of}", "次数：{of}")
    example: ClassVar = {"kind": "count", "of": "bill.paid"}

    def compiled(self) -> Compiled:
        """One count."""
        return Compiled("whole", (Operation("count", self.filters()),))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """The number of events."""
        used = selected(events, self.filters())
        return whole(len(used), used)


@register
@dataclass(frozen=True, slots=True)
class Sum(OfField):
    """The sum of a column."""

    kind: ClassVar = "sum"
    about: ClassVar = "The sum of a column over the events that have it."
    sentences: ClassVar = bilingual("The sum is {numerator}.", "合计{numerator}。")
    in_words: ClassVar = bilingual("the sum of {field}: {of}", "{field}合计：{of}")
    example: ClassVar = {"kind": "sum", "of": "bill.paid", "field": "amount"}

    def compiled(self) -> Compiled:
        """One sum."""
        return Compiled("whole", (self.operation("sum"),))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """The sum, 0 where there is none."""
        used = self.having(events)
        return whole(sum(events[index][self.field] for index in used), used)


@register
@dataclass(frozen=True, slots=True)
class Mean(OfField):
    """The mean of a column."""

    kind: ClassVar = "mean"
    about: ClassVar = "The sum of a column over how many events have it; nothing where none has."
    sentences: ClassVar = bilingual(
        "A sum of {numerator} over {denominator} events, of which the mean is taken.",
        "{denominator}次合计{numerator}，取平均。",
    )
    in_words: ClassVar = bilingual("the mean of {field}: {of}", "{field}平均：{of}")
    example: ClassVar = {"kind": "mean", "of": "bill.paid", "field": "value"}

    @property
    def can_be_nothing(self) -> bool:
        """With no event that has the field."""
        return True

    def compiled(self) -> Compiled:
        """A sum over a count."""
        return Compiled("fraction", (self.operation("sum"), self.operation("count")))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """The sum over how many there are."""
        used = self.having(events)
        return divided(sum(events[index][self.field] for index in used), len(used), used)


@dataclass(frozen=True, slots=True)
class Extreme(OfField):
    """What the least and the greatest share; of equals, the first event is the one that was used."""

    code: ClassVar[Code]

    @property
    def can_be_nothing(self) -> bool:
        """With no event that has the field."""
        return True

    def compiled(self) -> Compiled:
        """One least, or one greatest."""
        return Compiled("whole", (self.operation(self.code),))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """The field of the one event."""
        best = min if self.code == "min" else max
        used = best(self.having(events), key=lambda at: int(events[at][self.field]), default=None)
        return Reading() if used is None else whole(events[used][self.field], (used,))


@register
@dataclass(frozen=True, slots=True)
class Least(Extreme):
    """The least of a column."""

    kind: ClassVar = "min"
    code: ClassVar[Code] = "min"
    about: ClassVar = "The least that a column holds; nothing where no event has it."
    sentences: ClassVar = bilingual("The least is {numerator}.", "最小为{numerator}。")
    in_words: ClassVar = bilingual("the least {field}: {of}", "最小{field}：{of}")
    example: ClassVar = {"kind": "min", "of": "balance.stated", "field": "amount"}


@register
@dataclass(frozen=True, slots=True)
class Greatest(Extreme):
    """The greatest of a column."""

    kind: ClassVar = "max"
    code: ClassVar[Code] = "max"
    about: ClassVar = "The greatest that a column holds; nothing where no event has it."
    sentences: ClassVar = bilingual("The greatest is {numerator}.", "最大为{numerator}。")
    in_words: ClassVar = bilingual("the greatest {field}: {of}", "最大{field}：{of}")
    example: ClassVar = {"kind": "max", "of": "bill.paid", "field": "value"}


LATEST_FIELDS: Final = ("amount", "value", "label")


@register
@dataclass(frozen=True, slots=True)
class Latest(OfField):
    """A column of the latest event."""

    parameters: ClassVar[tuple[Key, ...]] = (
        OF,
        Key(
            "field",
            OneOf(LATEST_FIELDS),
            "The column that is read, of the latest event that has it.",
            required=True,
        ),
    )
    kind: ClassVar = "latest"
    about: ClassVar = "A column of the latest event that has it, a number or a label; nothing where none has."
    sentences: ClassVar = bilingual("The latest is {numerator}.", "最近为{numerator}。")
    in_words: ClassVar = bilingual("the latest {field}: {of}", "最近一次的{field}：{of}")
    example: ClassVar = {"kind": "latest", "of": "degree.earned", "field": "label"}

    @property
    def can_be_nothing(self) -> bool:
        """With no event that has the field."""
        return True

    @property
    def is_label(self) -> bool:
        """Where the column is the label."""
        return self.field == "label"

    @property
    def sentence(self) -> Mapping[str, str]:
        """It names the label, where the column is the label."""
        return bilingual("The latest is {label}.", "最近为{label}。") if self.is_label else self.sentences

    def compiled(self) -> Compiled:
        """The last one."""
        return Compiled("label" if self.is_label else "whole", (self.operation("last"),))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """The field of the last event that has it."""
        last = self.having(events)[-1:]
        if not last:
            return Reading()
        found = events[last[0]][self.field]
        return Reading(label=found, used=tuple(last)) if self.is_label else whole(found, last)


@dataclass(frozen=True, slots=True)
class DaysSince(OfEvents):
    """What the two measures of elapsed days share."""

    @property
    def can_be_nothing(self) -> bool:
        """With no event."""
        return True

    def since(self, events: Sequence[Event], used: list[int], as_of_us: int) -> Reading:
        """Whole days from the one event."""
        return whole(age_days(events[used[0]]["time"], as_of_us), used) if used else Reading()


@register
@dataclass(frozen=True, slots=True)
class DaysSinceFirst(DaysSince):
    """Whole days since the first event."""

    kind: ClassVar = "days_since_first"
    about: ClassVar = "Whole days, rounded down, from the first event to `as_of`; nothing where there is none."
    sentences: ClassVar = bilingual("{numerator} days since the first.", "距首次{numerator}天。")
    in_words: ClassVar = bilingual("whole days since the first: {of}", "距首次的天数：{of}")
    example: ClassVar = {"kind": "days_since_first", "of": "account.opened"}

    def compiled(self) -> Compiled:
        """The age of the first."""
        return Compiled("whole", (Operation("first_age", self.filters()),))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:
        """Days since the first."""
        return self.since(events, selected(events, self.filters())[:1], as_of_us)


@register
@dataclass(frozen=True, slots=True)
class DaysSinceLast(DaysSince):
    """Whole days since the last event."""

    kind: ClassVar = "days_since_last"
    about: ClassVar = "Whole days, rounded down, from the last event to `as_of`; nothing where there is none."
    sentences: ClassVar = bilingual("{numerator} days since the last.", "距最近一次{numerator}天。")
    in_words: ClassVar = bilingual("whole days since the latest: {of}", "距最近一次的天数：{of}")
    example: ClassVar = {"kind": "days_since_last", "of": "bill.paid"}

    def compiled(self) -> Compiled:
        """The age of the last."""
        return Compiled("whole", (Operation("last_age", self.filters()),))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:
        """Days since the last."""
        return self.since(events, selected(events, self.filters())[-1:], as_of_us)


@register
@dataclass(frozen=True, slots=True)
class Distinct(OfField):
    """How many different values a column holds."""

    parameters: ClassVar[tuple[Key, ...]] = (
        OF,
        Key(
            "field",
            OneOf(("label", "party", "matter", "source")),
            "The column whose values are told apart.",
            required=True,
        ),
    )
    kind: ClassVar = "distinct"
    about: ClassVar = "How many different values a column holds."
    sentences: ClassVar = bilingual("{numerator} different ones.", "共{numerator}种。")
    in_words: ClassVar = bilingual("how many different ones, by {field}: {of}", "不同{field}的个数：{of}")
    example: ClassVar = {"kind": "distinct", "of": "purchase.made", "field": "party"}

    def compiled(self) -> Compiled:
        """The different ones."""
        return Compiled("whole", (self.operation("distinct"),))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """How many different ones."""
        used = self.having(events)
        return whole(len({events[index][self.field] for index in used}), used)


@register
@dataclass(frozen=True, slots=True)
class Decayed(OfEvents):
    """Events that count less as they age."""

    half_life_days: int

    parameters: ClassVar[tuple[Key, ...]] = (
        OF,
        Key("half_life", Span(), "After how many days an event counts half.", required=True, into="half_life_days"),
    )
    kind: ClassVar = "decayed"
    about: ClassVar = "Events that count half after each half-life: the sum of their weights over 2^20."
    sentences: ClassVar = bilingual(
        "Counted with their age, the events weigh {numerator}/{denominator}.",
        "按时间衰减后合计为{numerator}/{denominator}。",
    )
    in_words: ClassVar = bilingual(
        "how many events there are, each counting half after every {half_life_days}: {of}",
        "次数，每过{half_life_days}按一半计：{of}",
    )
    example: ClassVar = {"kind": "decayed", "of": "bill.paid", "half_life": "90d"}

    def compiled(self) -> Compiled:
        """The sum of the weights."""
        operation = Operation("decay", self.filters(), half_life_days=self.half_life_days)
        return Compiled("whole", (operation,), scale=DECAY_SCALE)

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:
        """The sum of the weights, those of the oldest too, though they are 0."""
        used = selected(events, self.filters())
        ages = (age_days(events[index]["time"], as_of_us) for index in used)
        weight = sum(decay_weight(self.half_life_days, age) for age in ages)
        return Reading(weight, DECAY_SCALE, None, tuple(used))
