"""A parameter, and all of them: asked for by name, changed within their ranges, and named by a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import isfinite

from goodstanding.document.nodes import did_you_mean, one_of
from goodstanding.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was found.

    Attributes:
        figure: what was found there, in our words.
    """

    title: str
    url: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the laboratory, or one list of numbers.

    Attributes:
        name: group and name: `people.age_shares`.
        values: one, or those of a list.
        is_list: whether the document gives a list.
        low, high: the range, both included; of a list it holds for each element.
        has_off: whether it may be 0 too, which switches off what it is about.
        source: None where it is an assumption.
        assumption: why it is what it is; empty where it has a source.
    """

    name: str
    values: tuple[float, ...]
    is_list: bool
    unit: str
    low: float
    high: float
    about: str
    source: Source | None = None
    assumption: str = ""
    has_off: bool = False

    @property
    def group(self) -> str:
        """The part of the laboratory that reads it."""
        return self.name.partition(".")[0]

    @property
    def said(self) -> str:
        """The value as it is written down."""
        values = ", ".join(f"{value:.15g}" for value in self.values)
        return f"[{values}]" if self.is_list else values

    @property
    def expected(self) -> str:
        """What a value may be, in words."""
        number = f"{len(self.values)} numbers, each" if self.is_list else "a number"
        off = ", or 0 for none" if self.has_off else ""
        return f"{number} from {self.low:.15g} to {self.high:.15g} ({self.unit}){off}"

    def fits(self, values: Sequence[float]) -> bool:
        """Whether other values could stand in its place."""
        return len(values) == len(self.values) and all(
            self.low <= value <= self.high or (self.has_off and value == 0) for value in values
        )


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters, by name, in the order of the document.

    Attributes:
        sources: where figures were found, by the short names that texts use.
    """

    named: Mapping[str, Parameter]
    sources: Mapping[str, Source] = field(default_factory=dict)
    _values: Mapping[str, tuple[float, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", {name: parameter.values for name, parameter in self.named.items()})

    def number(self, name: str) -> float:
        """The value of a parameter that is one number.

        Raises:
            KeyError: there is none of that name: a mistake of ours, since documents are checked when they are read.
        """
        (value,) = self._values[name]
        return value

    def numbers(self, name: str) -> tuple[float, ...]:
        """The values of a parameter that is a list.

        Raises:
            KeyError: as `number`.
        """
        return self._values[name]

    def each(self) -> Iterator[Parameter]:
        """Every parameter, in the order of the document."""
        yield from self.named.values()

    @property
    def digest(self) -> str:
        """SHA-256 of all names and values: two cities of one seed and one digest are the same city."""
        lines = (f"{name}={' '.join(map(repr, values))}\n" for name, values in sorted(self._values.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def changed(
        self, overrides: Mapping[str, object], file: str = "parameters", lines: Mapping[str, int] | None = None
    ) -> Parameters:
        """Other values for some of them.

        Args:
            overrides: by name a number, or for a list as many numbers as it has.
            file: the document that asks for it, for messages.
            lines: where each name stands in it.

        Raises:
            InputError: an unknown name, no number, or one out of range; all faults at once.
        """
        at = lines or {}
        faults = [
            Problem(file, at.get(name), *fault)
            for name, value in overrides.items()
            if (fault := self._fault(name, value)) is not None
        ]
        if faults:
            raise InputError(faults)
        return self.with_values({name: values_of(value) or () for name, value in overrides.items()})

    def with_values(self, values: Mapping[str, tuple[float, ...]]) -> Parameters:
        """The same with other values, which are known to fit."""
        return self.with_parameters(replace(self.named[name], values=new) for name, new in values.items())

    def with_parameters(self, parameters: Iterable[Parameter]) -> Parameters:
        """The same with some replaced as a whole."""
        return Parameters({**self.named, **{parameter.name: parameter for parameter in parameters}}, self.sources)

    def unknown(self, name: str) -> tuple[str, str, None, str]:
        """What is said of a name that is none of them: found, expected, column, hint."""
        group = name.partition(".")[0]
        inside = [known.partition(".")[2] for known in self.named if known.startswith(f"{group}.")]
        groups = dict.fromkeys(parameter.group for parameter in self.each())
        expected = f"in {group} {one_of(inside)}" if inside else f"group.name, of one of the groups {', '.join(groups)}"
        return f"there is no parameter {name!r}", expected, None, did_you_mean(name, self.named)

    def _fault(self, name: str, value: object) -> tuple[str, str, None, str] | None:
        """What is wrong with a change: found, expected, column, hint."""
        known = self.named.get(name)
        if known is None:
            return self.unknown(name)
        values = values_of(value)
        if values is None or known.is_list == isinstance(value, int | float | Decimal):
            return f"{name} is {value!r}", known.expected, None, ""
        if not known.fits(values):
            return f"{name} is {said(values, known.is_list)}", known.expected, None, ""
        return None


def said(values: Sequence[float], is_list: bool) -> str:  # noqa: FBT001 what `Parameter.is_list` says
    """Values as they are written down."""
    text = ", ".join(f"{value:.15g}" for value in values)
    return f"[{text}]" if is_list else text


def values_of(value: object) -> tuple[float, ...] | None:
    """A number, or a list of numbers, as a tuple; None where it is neither."""
    items = [value] if not isinstance(value, list | tuple) else value
    numbers = [float(item) for item in items if isinstance(item, int | float | Decimal) and not isinstance(item, bool)]
    return tuple(numbers) if len(numbers) == len(items) and all(map(isfinite, numbers)) else None
