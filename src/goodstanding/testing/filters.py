"""Strategies for the small parts of a policy: numbers, spans, windows and filters (specification sections 2 and 3)."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from goodstanding.testing.vocabulary import (
    DECIMALS,
    EXTREMES,
    LABELS,
    MATTERS,
    PARTIES,
    POINTS_LIMIT,
    SOURCES,
    SPANS,
    WHOLE_NUMBERS,
)

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Scope:
    """What a drawn policy may say: in which world, over which types, and how near to the limits of numbers."""

    world: str
    types: tuple[str, ...]
    at_limits: bool

    @property
    def is_live(self) -> bool:
        """Say whether the charter (section 7) binds the policy."""
        return self.world == "live"

    @property
    def prefixes(self) -> list[str]:
        """Give the prefixes below which the catalogue holds a type."""
        words = [type_.split(".") for type_ in self.types]
        return sorted({".".join(one[:length]) + ".*" for one in words for length in range(1, len(one))})


@cache
def numbers(scope: Scope) -> st.SearchStrategy[Number]:
    """Draw a decimal with at most four places."""
    return st.sampled_from((*WHOLE_NUMBERS, *DECIMALS, *(EXTREMES if scope.at_limits else ())))


@cache
def points() -> st.SearchStrategy[int]:
    """Draw whole points within ±10,000."""
    return st.sampled_from((-POINTS_LIMIT, -60, -1, 0, 1, 7, 40, POINTS_LIMIT)) | st.integers(-100, 100)


@cache
def spans(least: int = 1) -> st.SearchStrategy[str]:
    """Draw a span of whole days."""
    return st.sampled_from([f"{days}d" for days in (0, *SPANS) if days >= least])


@cache
def windows() -> st.SearchStrategy[Any]:
    """Draw a window of either form: `730d`, or `{from: 730d, to: 365d}` with `to` the shorter."""
    pairs = [(longer, shorter) for longer in SPANS for shorter in SPANS if shorter < longer]
    return spans() | st.sampled_from(pairs).map(lambda pair: {"from": f"{pair[0]}d", "to": f"{pair[1]}d"})


@cache
def types_and_prefixes(scope: Scope) -> st.SearchStrategy[str]:
    """Draw the name of a type that the catalogue holds, or a prefix of one."""
    named = st.sampled_from(scope.types)
    return st.one_of(named, st.sampled_from(scope.prefixes)) if scope.prefixes else named


@cache
def one_or_more(names: st.SearchStrategy[str]) -> st.SearchStrategy[str | list[str]]:
    """Draw one string, or a list of one and more."""
    return names | st.lists(names, min_size=1, max_size=3, unique=True)


NAMED_TESTS = {
    "source": one_or_more(st.sampled_from(SOURCES)),
    "label": one_or_more(st.sampled_from(LABELS)),
    "party": one_or_more(st.sampled_from(PARTIES)),
    "matter": one_or_more(st.sampled_from(MATTERS)),
}
RANGE_TESTS = ("amount", "value")
ENDS = st.sampled_from((("min",), ("max",), ("min", "max")))
SOME_TESTS = st.lists(st.sampled_from((*NAMED_TESTS, *RANGE_TESTS)), max_size=2, unique=True)


@cache
@st.composite
def ranges(draw: st.DrawFn, scope: Scope) -> dict[str, Number]:
    """Draw `{min, max}`, one or both, the least first."""
    ends = sorted((draw(numbers(scope)), draw(numbers(scope))))
    both = dict(zip(("min", "max"), ends, strict=True))
    return {end: both[end] for end in draw(ENDS)}


@cache
@st.composite
def tests(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    """Draw none, one or two of a filter's tests beside `type`."""
    return {test: draw(ranges(scope) if test in RANGE_TESTS else NAMED_TESTS[test]) for test in draw(SOME_TESTS)}


@cache
@st.composite
def mappings(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    """Draw a filter as a mapping with a type."""
    return {"type": draw(one_or_more(types_and_prefixes(scope))), **draw(tests(scope))}


@cache
def wide_filters(scope: Scope) -> st.SearchStrategy[Any]:
    """Draw a filter of several types, which many events satisfy."""
    several = st.lists(types_and_prefixes(scope), min_size=2, max_size=4, unique=True)
    return several.map(lambda types: {"type": types})


@cache
def filters(scope: Scope) -> st.SearchStrategy[Any]:
    """Draw a filter: a type, a prefix, or a mapping in which all given tests must hold."""
    return st.one_of(types_and_prefixes(scope), wide_filters(scope), mappings(scope))


@cache
def further_filters(scope: Scope) -> st.SearchStrategy[Any]:
    """Draw the `of` of `share` or `streak`, which alone may leave the type out; an empty mapping selects all."""
    return st.one_of(filters(scope), tests(scope), st.just({}))
