"""Measures that hold two filters against each other: share, ratio, streak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from goodstanding.document.kinds import OneOf
from goodstanding.document.shapes import Key
from goodstanding.filters import FILTER, REFINEMENT, Event, Filter
from goodstanding.measures.base import (
    NUMBER_FIELD,
    Code,
    Compiled,
    Measure,
    Operation,
    Reading,
    bilingual,
    divided,
    register,
    selected,
    whole,
)

AMONG = Key("among", FILTER, "The events among which it is counted.", required=True)
ALSO = Key("of", REFINEMENT, "Those of them that count; the type may be left out.", required=True)


@dataclass(frozen=True, slots=True)
class Among(Measure):
    """What the measures of some events among others share."""

    among: Filter
    of: Filter

    def filters(self) -> tuple[Filter, ...]:
        """The events among which it is counted, and those that count."""
        return self.among, self.of


@register
@dataclass(frozen=True, slots=True)
class Share(Among):
    """The share of some events among others, by number or by a column."""

    by: str | None = None

    parameters: ClassVar[tuple[Key, ...]] = (
        AMONG,
        ALSO,
        Key("by", NUMBER_FIELD, "The column that is summed on both sides; without it, events are counted."),
    )
    kind: ClassVar = "share"
    about: ClassVar = "Events of `among` that also satisfy `of` over all of `among`; nothing unless those are above 0."
    sentences: ClassVar = bilingual("{numerator} of {denominator}.", "{denominator}中有{numerator}。")
    in_words: ClassVar = bilingual("of all {among}, the share of {of}", "{among}中，{of}所占的比例")
    in_words_by: ClassVar = bilingual(
        "of all {among}, the share of {of} in the sum of {by}", "{among}中，{of}在{by}合计中所占的比例"
    )
    example: ClassVar = {"kind": "share", "among": "bill.paid", "of": {"value": {"max": 0}}}

    @property
    def told(self) -> Mapping[str, str]:
        """It names the column, where one is summed."""
        return self.in_words if self.by is None else self.in_words_by

    @property
    def can_be_nothing(self) -> bool:
        """With no event of `among`, or where the divisor is not above 0."""
        return True

    def compiled(self) -> Compiled:
        """A count over a count, or a sum over a sum."""
        code: Code = "count" if self.by is None else "sum"
        part = Operation(code, (self.among, self.of), self.by)
        return Compiled("fraction", (part, Operation(code, (self.among,), self.by)))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """The share; all of `among` are used, whether they satisfy `of` or not."""
        used = selected(events, (self.among,), self.by)
        part = [index for index in used if self.of.matches(events[index])]
        return divided(self._weigh(events, part), self._weigh(events, used), used)

    def _weigh(self, events: Sequence[Event], indices: list[int]) -> int:
        return len(indices) if self.by is None else sum(events[index][self.by] for index in indices)


@register
@dataclass(frozen=True, slots=True)
class Ratio(Measure):
    """A column of some events over the same column of others."""

    of: Filter
    to: Filter
    field: str
    take: str = "sum"

    parameters: ClassVar[tuple[Key, ...]] = (
        Key("of", FILTER, "The events of the dividend.", required=True),
        Key("to", FILTER, "The events of the divisor.", required=True),
        Key("field", NUMBER_FIELD, "The column that is read on both sides.", required=True),
        Key("take", OneOf(("sum", "latest")), "The sum of the column (the default), or that of the latest event."),
    )
    kind: ClassVar = "ratio"
    about: ClassVar = "A column over the same of other events; nothing unless the divisor is above 0."
    sentences: ClassVar = bilingual("{numerator} to {denominator}.", "{numerator}比{denominator}。")
    in_words: ClassVar = bilingual(
        "the sum of {field} over another sum of it: {of}; over: {to}", "{field}合计之比：{of}；除以：{to}"
    )
    in_words_latest: ClassVar = bilingual(
        "the latest {field} over another latest one: {of}; over: {to}", "最近一次的{field}之比：{of}；除以：{to}"
    )
    example: ClassVar = {"kind": "ratio", "of": "card.balance", "to": "card.limit", "field": "amount", "take": "latest"}

    @property
    def told(self) -> Mapping[str, str]:
        """Sums, or the latest ones."""
        return self.in_words if self.take == "sum" else self.in_words_latest

    @property
    def can_be_nothing(self) -> bool:
        """Where the divisor is missing or not above 0; with `latest`, where the dividend is missing too."""
        return True

    def filters(self) -> tuple[Filter, ...]:
        """The events of the dividend and of the divisor."""
        return self.of, self.to

    def compiled(self) -> Compiled:
        """A sum over a sum, or the last over the last."""
        code: Code = "sum" if self.take == "sum" else "last"
        return Compiled("fraction", tuple(Operation(code, (side,), self.field) for side in self.filters()))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """The ratio."""
        above, below = (selected(events, (side,), self.field) for side in self.filters())
        if self.take == "latest":
            above, below = above[-1:], below[-1:]
            if not above:
                return Reading(used=tuple(below))
        dividend, divisor = (sum(events[index][self.field] for index in side) for side in (above, below))
        return divided(dividend, divisor, above + below)


@register
@dataclass(frozen=True, slots=True)
class Streak(Among):
    """How many of the latest events in a row."""

    parameters: ClassVar[tuple[Key, ...]] = (AMONG, ALSO)
    kind: ClassVar = "streak"
    about: ClassVar = "How many of the latest events of `among`, without a gap, satisfy `of`."
    sentences: ClassVar = bilingual("The latest {numerator} in a row.", "最近连续{numerator}次。")
    in_words: ClassVar = bilingual(
        "of all {among}, how many of the latest in a row are {of}", "{among}中，最近连续为{of}的次数"
    )
    example: ClassVar = {"kind": "streak", "among": "bill.paid", "of": {"value": {"max": 0}}}

    def compiled(self) -> Compiled:
        """One streak."""
        return Compiled("whole", (Operation("streak", (self.among,), onward=(self.of,)),))

    def by_hand(self, events: Sequence[Event], as_of_us: int) -> Reading:  # noqa: ARG002 every kind is asked alike
        """The length of the latest run; the events of the run are used."""
        run: list[int] = []
        for index in reversed(selected(events, (self.among,))):
            if not self.of.matches(events[index]):
                break
            run.append(index)
        return whole(len(run), run)
