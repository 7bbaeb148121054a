"""The document of an experiment: its keys, what they are, and what is made of each.

What has to be known of the rest of the house (which policies, mechanisms and measures there are) is settled afterwards,
in `resolving`; the names of mechanisms, measures and parameters are among `Findings.names` while this is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from goodstanding.document.kinds import (
    PROSE,
    STRING,
    TEXT,
    UNREAD,
    Kind,
    ListOf,
    MappingOf,
    OneOf,
    OneOrMore,
    Text,
    Unread,
    Whole,
    Words,
    refuse,
)
from goodstanding.document.nodes import Findings, Node, one_of, quoted
from goodstanding.document.shapes import Key, Shape, Values
from goodstanding.lab.experiments.model import ALL_SCORERS
from goodstanding.lab.experiments.variation import SPAN, Number
from goodstanding.lab.society import ENROLMENTS

S = TypeVar("S")
T = TypeVar("T")

MOST_RESIDENTS: Final = 10_000_000
MOST_MONTHS: Final = 1_200
MOST_SEEDS: Final = 10_000
LARGEST_SEED: Final = 10**18

SLUG: Final = Words(
    r"[a-z0-9]+(-[a-z0-9]+)*", "a name of lower-case letters and digits, joined by single -", longest=64
)


@dataclass(frozen=True, slots=True)
class At(Generic[T]):
    """A value and where it stands, for what can only be said of it later."""

    value: T
    node: Node


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Another kind, with its place."""

    kind: Kind[T]

    @property
    def expected(self) -> str:
        """The other kind's."""
        return self.kind.expected

    def read(self, node: Node, findings: Findings) -> At[T] | Unread:
        """The value and its place."""
        value = self.kind.read(node, findings)
        return UNREAD if isinstance(value, Unread) else At(value, node)


@dataclass(frozen=True, slots=True)
class NameOf:
    """The name of a thing of the laboratory: a mechanism, a measure."""

    what: str

    @property
    def expected(self) -> str:
        """What kind of thing is named."""
        return f"the name of a {self.what}"

    def read(self, node: Node, findings: Findings) -> str | Unread:
        """The name, if there is one."""
        known = findings.names[self.what]
        if isinstance(node.value, str) and node.value not in known:
            found = f"unknown {self.what} {quoted(node.value)}"
            findings.fault(node, found, one_of(known), findings.suggestion(node.value, known))
            return UNREAD
        return node.value if isinstance(node.value, str) else refuse(node, findings, self.expected)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    expected: str = "true or false"

    def read(self, node: Node, findings: Findings) -> bool | Unread:
        """The flag."""
        return node.value if isinstance(node.value, bool) else refuse(node, findings, self.expected)


@dataclass(frozen=True, slots=True)
class NumberOrSpan:
    """What a number of a policy may be changed to."""

    expected: str = "a number, or whole days such as 30d"

    def read(self, node: Node, findings: Findings) -> Number | Unread:
        """The number or the span, as the policy would write it."""
        value = node.value
        if isinstance(value, str) and SPAN.fullmatch(value):
            return value
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return value if is_number else refuse(node, findings, self.expected)  # type: ignore[return-value] # as just seen


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number or a list of numbers, judged by the parameter that it is for."""

    expected: str = "a number, or a list of numbers"

    def read(self, node: Node, findings: Findings) -> Any:
        """The number, or the numbers as a tuple."""
        if node.is_number:
            return node.value
        if node.items and all(item.is_number for item in node.items):
            return tuple(item.value for item in node.items)
        return refuse(node, findings, self.expected)


@dataclass(frozen=True, slots=True)
class EitherText(Generic[S, T]):
    """A text that stands for the whole of something, or the mapping or list itself."""

    text: Kind[S]
    other: Kind[T]
    make: Callable[[S], T]

    @property
    def expected(self) -> str:
        """Both."""
        return f"{self.text.expected}, or {self.other.expected}"

    def read(self, node: Node, findings: Findings) -> T | Unread:
        """What the text stands for, or what is given."""
        if isinstance(node.value, dict | list):
            return self.other.read(node, findings)
        named = self.text.read(node, findings)
        return UNREAD if isinstance(named, Unread) else self.make(named)


@dataclass(frozen=True, slots=True)
class Seeds:
    """How many seeds, counted from 1, or which."""

    expected: str = f"how many seeds (1 to {MOST_SEEDS:,}), or a list of different ones"

    def read(self, node: Node, findings: Findings) -> tuple[int, ...] | Unread:
        """The seeds."""
        if isinstance(node.value, list):
            seeds = ListOf(Whole(0, LARGEST_SEED), least=1).read(node, findings)
            fits = not isinstance(seeds, Unread) and len(seeds) == len(set(seeds)) <= MOST_SEEDS
            return seeds if fits or isinstance(seeds, Unread) else refuse(node, findings, self.expected)
        many = Whole(1, MOST_SEEDS).read(node, findings)
        return UNREAD if isinstance(many, Unread) else tuple(range(1, many + 1))


@dataclass(frozen=True, slots=True)
class PolicyGiven:
    """One entry of `policies`."""

    policy: tuple[At[str], ...]
    as_: At[str] | None = None
    title: Text | None = None
    without: tuple[At[str], ...] = ()
    set: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose scores are passed on, and who reads them."""

    from_: At[str]
    to: At[str]


@dataclass(frozen=True, slots=True)
class VariantGiven:
    """One entry of `variants`."""

    name: At[str]
    title: Text | None = None
    mechanisms: Mapping[str, bool] = field(default_factory=dict)
    told: bool = True
    notice: bool = True
    dispute: bool = True
    correction: bool = True
    enrolment: Mapping[str, str] = field(default_factory=dict)
    scorers: tuple[At[str], ...] = ()
    feed: tuple[Feed, ...] = ()
    parameters: At[Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class CityGiven:
    """The city."""

    residents: int | None = None
    months: int = 24
    warm_up: int = 0
    parameters: At[Mapping[str, Any]] | None = None
    folder: At[str] | None = None


@dataclass(frozen=True, slots=True)
class ComparisonGiven:
    """What is compared with what."""

    baseline: At[str]
    to: tuple[At[str], ...] = ()


def _city_given(node: Node, values: Values, findings: Findings) -> None:
    """A city is described, or written down in a folder."""
    if "residents" not in node.mapping and "folder" not in node.mapping:
        findings.fault(node, "the city has no 'residents'", "how many residents, or the folder of a city")
    if "residents" in values and "folder" in values:
        findings.fault(node.keys["folder"], "the city has residents and a folder", "one of them")


def _one_is_varied(node: Node, values: Values, findings: Findings) -> None:
    """What is left out or changed is that of one policy."""
    changed = [key for key in ("without", "set") if key in node.mapping]
    if changed and len(values.get("policy", ())) > 1:
        found = f"several policies and {quoted(changed[0])}"
        findings.fault(node.keys[changed[0]], found, "one policy; vary it under a name of its own, and name that here")


def _needs_a_name(node: Node, values: Values, findings: Findings) -> None:
    """What is not a policy as it is shipped is called by a name of its own."""
    several = len(values.get("policy", ())) > 1
    if "as" not in node.mapping and (several or "without" in node.mapping or "set" in node.mapping):
        findings.fault(node, "a changed policy has no name of its own", "'as': what tables call it by")


TITLE: Final = Key("title", TEXT, "What people call it.")
PARAMETERS: Final = Placed(MappingOf(PROSE, Numbers(), "a mapping from names of parameters to numbers"))

CITY: Final = Shape(
    "a city",
    CityGiven,
    (
        Key("residents", Whole(10, MOST_RESIDENTS), "How many live in it."),
        Key("months", Whole(1, MOST_MONTHS), "How many months are measured; 24 without it."),
        Key("warm_up", Whole(0, MOST_MONTHS), "How many months are lived through before; 0 without it."),
        Key("parameters", PARAMETERS, "Other values for some parameters (`goodstanding lab list parameters`)."),
        Key("folder", Placed(PROSE), "A city that `goodstanding lab city` wrote: its residents and parameters."),
    ),
    rules=(_city_given,),
)

POLICY_GIVEN: Final = Shape(
    "a policy",
    PolicyGiven,
    (
        Key("policy", OneOrMore(Placed(STRING)), "A name or a file; several score at once.", required=True),
        Key("as", Placed(SLUG), "What tables call it by; needed where it is changed.", into="as_"),
        TITLE,
        Key("without", ListOf(Placed(STRING), least=1), "Factors and dimensions that are left out."),
        Key(
            "set",
            MappingOf(PROSE, NumberOrSpan(), "a mapping from paths to numbers"),
            "Numbers by path (`factors.friends.points.bands[2].points`).",
        ),
    ),
    rules=(_one_is_varied, _needs_a_name),
)

POLICY: Final = EitherText(Placed(STRING), POLICY_GIVEN, lambda named: PolicyGiven((named,)))

FEED: Final = Shape(
    "a feed",
    Feed,
    (
        Key("from", Placed(STRING), "The scorer whose scores are passed on.", required=True, into="from_"),
        Key("to", Placed(STRING), "The scorer whose record they enter.", required=True),
    ),
)

ENROLMENT: Final = EitherText(
    OneOf(ENROLMENTS),
    MappingOf(STRING, OneOf(ENROLMENTS), f"a mapping from scorers to {one_of(ENROLMENTS)}"),
    lambda word: {ALL_SCORERS: word},
)

VARIANT: Final = Shape(
    "a variant",
    VariantGiven,
    (
        Key("name", Placed(SLUG), "What tables call it by; unique.", required=True),
        TITLE,
        Key(
            "mechanisms",
            MappingOf(NameOf("mechanism"), Flag(), "a mapping from mechanisms to true or false"),
            "Ways of answering back that are off; all are on without it. `all` stands for those not named.",
        ),
        Key("told", Flag(), "Whether people are told that they are scored; without it they are."),
        Key("notice", Flag(), "Whether sanctions wait for their notice; without it they do."),
        Key("dispute", Flag(), "Whether people dispute what is wrong; without it they do."),
        Key("correction", Flag(), "Whether a dispute that is right puts the record right; without it it does."),
        Key("enrolment", ENROLMENT, "How people come to be scored, by all or by scorer; `all` without it."),
        Key("scorers", ListOf(Placed(STRING), least=1), "Policies that score the same city beside the one compared."),
        Key("feed", OneOrMore(FEED), "Whose scores are passed on to whom."),
        Key("parameters", PARAMETERS, "Other values for some parameters."),
    ),
)

COMPARE: Final = Shape(
    "a comparison",
    ComparisonGiven,
    (
        Key("baseline", Placed(STRING), "A policy, a variant, or POLICY/VARIANT.", required=True),
        Key("to", OneOrMore(Placed(STRING)), "Others of the same sort; all others without it."),
    ),
)

MEASURES: Final = EitherText(OneOf(("all",)), ListOf(NameOf("measure"), least=1), lambda _: ())

EXPERIMENT_KEYS: Final = (
    Key("goodstanding", Whole(1, 1), "The version of the specification.", required=True),
    Key("experiment", SLUG, "What it is called by.", required=True),
    Key("title", TEXT, "What people call it.", required=True),
    Key("question", TEXT, "What is to be known.", required=True),
    Key("about", TEXT, "How it is found out."),
    Key("city", CITY, "Where it happens.", required=True),
    Key("policies", ListOf(Placed(POLICY), least=1), "The rule books to live under.", required=True),
    Key(
        "variants", ListOf(Placed(VARIANT), least=1), "Ways of living under them; one, in which all is on, without it."
    ),
    Key("seeds", Seeds(), "How often it is done over, with other dice; needed but where the city is a folder."),
    Key(
        "compare",
        OneOrMore(COMPARE),
        "What is held against what; the first variant or policy against the others without it.",
    ),
    Key("measures", MEASURES, "What is measured; all without it."),
    Key("observe_every", Whole(1, MOST_MONTHS), "Every how many months it is measured; 1 without it."),
)
