"""An experiment over and over with other numbers: which of its conclusions survive, and what they hang on.

The points are those of a grid over a few numbers, or draws of a Latin hypercube over all that rests on an assumption;
point 0 is the experiment as it is. What a conclusion is: a difference in the last month, of everybody, whose interval
does not hold 0 at point 0 (with one seed, where there is no interval: any difference).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from math import floor, log10
from typing import Final, TypeAlias

import numpy as np

from goodstanding.document.nodes import did_you_mean, one_of
from goodstanding.errors import InputError, UsageError
from goodstanding.lab.experiments.model import Experiment, PolicyPlan, Scoring, VariantPlan
from goodstanding.lab.experiments.variation import SPAN, Number, VariationError, numbers, varied
from goodstanding.lab.parameters import Parameter, Parameters
from goodstanding.lab.streams import key_of, uniforms

Values: TypeAlias = Mapping[str, float]
"""By name of a parameter, or `POLICY:path`, the number of one point."""

MOST_POINTS: Final = 10_000
FEWEST_STEPS: Final = 2
STRATUM, WITHIN = 900, 901
"""Purposes of the dice: in which stratum a draw lies, and where in it; the place of the number is their month."""

DIGITS: Final = 6
"""So many digits a drawn number has, so that it can be written down as it was."""

WIDE: Final = 10
"""Where value and range are whole and the range is at least so wide, it counts something, and draws are whole."""

POLICY_PLACES: Final = Decimal("0.0001")
POLICY_MARK: Final = ":"


@dataclass(frozen=True, slots=True)
class Over:
    """One number over a range, both ends included, in even steps."""

    name: str
    low: float
    high: float
    steps: int

    @staticmethod
    def read(text: str) -> Over:
        """`NAME=low:high:steps`.

        Raises:
            UsageError: it is not written so.
        """
        name, _, said = text.rpartition("=")
        try:
            low, high, steps = said.split(":")
            over = Over(name, float(low), float(high), int(steps))
        except ValueError as error:
            raise UsageError(
                f"--over {text}: expected NAME=low:high:steps, such as people.minority_share=0.1:0.3:5"
            ) from error
        if not name or not over.low < over.high or over.steps < FEWEST_STEPS:
            raise UsageError(f"--over {text}: expected a name, low below high, and at least {FEWEST_STEPS} steps")
        return over

    @property
    def values(self) -> list[float]:
        """The numbers, from the least to the greatest."""
        width = (self.high - self.low) / (self.steps - 1)
        return [rounded(self.low + width * step) for step in range(self.steps - 1)] + [self.high]


@dataclass(frozen=True, slots=True)
class Point:
    """The experiment with other numbers.

    Attributes:
        number: 0 for the experiment as it is; what its folder is called.
    """

    number: int
    values: Values
    experiment: Experiment

    @property
    def name(self) -> str:
        """What its folder is called."""
        return f"{self.number:04d}"


def grid(experiment: Experiment, overs: Sequence[Over]) -> list[Point]:
    """A grid over some numbers, after the experiment as it is.

    Raises:
        UsageError: a name that is none, a number out of its range, or too many points.
    """
    for over in overs:
        _check(experiment, over)
    sizes = [over.steps for over in overs]
    if int(np.prod(sizes)) > MOST_POINTS:
        raise UsageError(f"{' × '.join(map(str, sizes))} points; expected at most {MOST_POINTS:,}")
    names = [over.name for over in overs]
    combined = product(*(over.values for over in overs))
    return points(experiment, [dict(zip(names, values, strict=True)) for values in combined])


def latin(experiment: Experiment, many: int, seed: int) -> list[Point]:
    """Draws of a Latin hypercube over every assumption that is one number: each is drawn evenly over its range."""
    key = key_of(seed)
    drawn: dict[str, list[float]] = {}
    for place, one in enumerate(assumptions(experiment.parameters)):
        strata = np.argsort(uniforms(key, many, place, STRATUM), kind="stable")
        shares = (strata + uniforms(key, many, place, WITHIN)) / many
        drawn[one.name] = [_drawn(one, share) for share in shares.tolist()]
    return points(experiment, [{name: values[draw] for name, values in drawn.items()} for draw in range(many)])


def assumptions(parameters: Parameters) -> list[Parameter]:
    """The parameters that rest on an assumption and may be changed: one number each, with a range."""
    return [one for one in parameters.each() if one.assumption and not one.is_list and one.low < one.high]


def _drawn(one: Parameter, share: float) -> float:
    value = one.low + share * (one.high - one.low)
    counts = all(number.is_integer() for number in (one.low, one.high, *one.values)) and one.high - one.low >= WIDE
    return float(round(value)) if counts else min(max(rounded(value), one.low), one.high)


def rounded(value: float) -> float:
    """To a few digits that count."""
    return value if value == 0 else round(value, DIGITS - 1 - floor(log10(abs(value))))


def points(experiment: Experiment, values: Sequence[Values]) -> list[Point]:
    """The experiment as it is, and with each set of numbers.

    Raises:
        UsageError: with one of them a policy is none.
    """
    others = [Point(number, one, changed(experiment, one)) for number, one in enumerate(values, 1)]
    return [Point(0, {}, experiment), *others]


def changed(experiment: Experiment, values: Values) -> Experiment:
    """The experiment with other numbers; where a variant gives a parameter a value of its own, that one stays.

    Raises:
        UsageError: as `points`.
    """
    of_city = {name: value for name, value in values.items() if POLICY_MARK not in name}
    by_scorer: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        scorer, mark, path = name.partition(POLICY_MARK)
        if mark:
            by_scorer.setdefault(scorer, {})[path] = value
    parameters = experiment.parameters.with_values({name: (value,) for name, value in of_city.items()})
    return replace(
        experiment,
        parameters=parameters,
        policies=tuple(_plan(plan, by_scorer) for plan in experiment.policies),
        variants=tuple(_variant(variant, by_scorer) for variant in experiment.variants),
    )


def _plan(plan: PolicyPlan, by_scorer: Mapping[str, Mapping[str, float]]) -> PolicyPlan:
    return replace(plan, scorings=tuple(_scoring(one, by_scorer) for one in plan.scorings))


def _variant(variant: VariantPlan, by_scorer: Mapping[str, Mapping[str, float]]) -> VariantPlan:
    return replace(variant, scorings=tuple(_scoring(one, by_scorer) for one in variant.scorings))


def _scoring(one: Scoring, by_scorer: Mapping[str, Mapping[str, float]]) -> Scoring:
    values = by_scorer.get(one.name)
    if values is None:
        return one
    now = numbers(one.policy.document)
    changes = {path: like(now[path], value) for path, value in values.items()}
    try:
        return Scoring(one.name, varied(one.policy, one.policy.name, (), changes))
    except (InputError, VariationError) as error:
        said = ", ".join(f"{path} {value}" for path, value in changes.items())
        raise UsageError(f"with {said} {one.name} is no policy: {error}") from error


def like(now: Number, value: float) -> Number:
    """A number in the form of the one whose place it takes: whole, with decimals, or whole days."""
    if isinstance(now, str):
        return f"{round(value)}d"
    if isinstance(now, int):
        return round(value)
    return Decimal(str(value)).quantize(POLICY_PLACES).normalize()


def _check(experiment: Experiment, over: Over) -> None:
    """A number that there is, over a range that is its own.

    Raises:
        UsageError: it is not.
    """
    scorer, mark, path = over.name.partition(POLICY_MARK)
    if mark:
        _check_policy(experiment, over, scorer, path)
        return
    try:
        for value in (over.low, over.high):
            experiment.parameters.changed({over.name: value})
    except InputError as error:
        problem = error.problems[0]
        said = "; ".join(part for part in (problem.found, f"expected {problem.expected}", problem.hint) if part)
        raise UsageError(f"--over {over.name}: {said}") from error


def _check_policy(experiment: Experiment, over: Over, scorer: str, path: str) -> None:
    scorings = [*(one for plan in experiment.policies for one in plan.scorings)]
    scorings += [one for variant in experiment.variants for one in variant.scorings]
    known = {one.name: one.policy for one in scorings}
    if scorer not in known:
        expected = f"{one_of(known)}, or a parameter (group.name)"
        hint = did_you_mean(scorer, known)
        raise UsageError(
            f"--over {over.name}: nobody called {scorer!r} scores; expected {expected}{hint and '; ' + hint}"
        )
    paths = numbers(known[scorer].document)
    if path not in paths:
        hint = did_you_mean(path, paths)
        raise UsageError(f"--over {over.name}: the policy {scorer} has no number at {path!r}{hint and '; ' + hint}")
    now = paths[path]
    if isinstance(now, str) and SPAN.fullmatch(now) and over.low < 0:
        raise UsageError(f"--over {over.name}: {over.low:g} days; expected whole days")
