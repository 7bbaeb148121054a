"""A run folder as a report reads it: the experiment's words, the sides that it compares, and its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from goodstanding.document.kinds import Text
from goodstanding.document.nodes import plain
from goodstanding.document.text import read
from goodstanding.errors import InputError, PolicyError, Problem
from goodstanding.lab.experiments.shelf import Shelf
from goodstanding.policy import Policy

TABLES: Final = ("measures", "summary", "comparisons", "residents", "history", "stories")
DOCUMENT: Final = "experiment.yaml"
MADE: Final = "run.json"
STANDARD: Final = "standard"
"""What the one variant of an experiment is called that names none."""

RESIDENT_COLUMNS: Final = (
    "seed", "resident", "income", "age", "minority", "outspoken", "honesty",
    "first_score", "last_score", "first_tier", "last_tier",
)  # fmt: skip
WORLD: Final = (b"goodstanding.world", b"synthetic")


@dataclass(frozen=True, slots=True)
class Side:
    """One policy under one variant, as readers meet it.

    Attributes:
        key: `policy/variant`, as in the tables.
        number: its place among the sides; colours, dashes and marks go by it.
    """

    key: str
    number: int
    title: Text

    @property
    def policy(self) -> str:
        """The policy's name."""
        return self.key.partition("/")[0]

    @property
    def variant(self) -> str:
        """The variant's name."""
        return self.key.partition("/")[2]


class Difference(NamedTuple):
    """One row of `comparisons.parquet`."""

    baseline: str
    other: str
    month: int
    scorer: str
    measure: str
    group: str
    baseline_mean: float
    other_mean: float
    difference: float
    low: float
    high: float
    p: float
    seeds: int

    @property
    def is_known(self) -> bool:
        """Whether there is an interval at all: with one seed there is none."""
        return isfinite(self.low) and isfinite(self.high)

    @property
    def is_nothing(self) -> bool:
        """Whether both sides are the same, seed by seed."""
        return self.difference == self.low == self.high == 0

    @property
    def sign(self) -> int:
        """1 clearly above 0, -1 clearly below, 0 where the interval holds 0 or there is none."""
        return int(self.is_known) * (int(self.low > 0) - int(self.high < 0))

    @property
    def strength(self) -> float:
        """How far from nothing, in half intervals; infinite where all seeds agree to the digit, 0 where all say 0."""
        if self.difference == 0 or not self.is_known:
            return 0.0
        half = (self.high - self.low) / 2
        return abs(self.difference) / half if half else float("inf")


@dataclass(frozen=True)
class Run:
    """A folder that `goodstanding lab run` wrote.

    Attributes:
        document: the experiment as plain values.
        text: the experiment as it was written.
        made: what `run.json` says of versions and digests.
    """

    folder: Path
    document: Mapping[str, Any]
    text: str
    made: Mapping[str, Any]
    _residents: dict[str, pa.Table] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def shelf(self) -> Shelf:
        """Where its policies are found; each is read once."""
        return Shelf(self.folder)

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """One of the tables of all cells."""
        return parquet.read_table(self.folder / f"{name}.parquet", columns=columns)

    def columns_of(self, name: str) -> list[str]:
        """What columns a table has."""
        names: list[str] = parquet.read_schema(self.folder / f"{name}.parquet").names
        return names

    def residents_of(self, side: Side) -> pa.Table:
        """The residents of a side, all seeds together; each side's are read once.

        Columns: seed, resident, what groups are made of, first and last scores and tiers.
        """
        if side.key not in self._residents:
            ours = (pc.field("policy") == side.policy) & (pc.field("variant") == side.variant)
            path = self.folder / "residents.parquet"
            self._residents[side.key] = parquet.read_table(path, columns=list(RESIDENT_COLUMNS), filters=ours)
        return self._residents[side.key]

    @property
    def name(self) -> str:
        """What the experiment is called by."""
        return str(self.document["experiment"])

    @cached_property
    def sides(self) -> Mapping[str, Side]:
        """Every policy under every variant, by key, in the order of the document."""
        summary = self.table("summary", ["policy", "variant"])
        pairs = dict.fromkeys(zip(summary["policy"].to_pylist(), summary["variant"].to_pylist(), strict=True))
        policies, variants = ({pair[place] for pair in pairs} for place in (0, 1))
        titles = _Titles(self, many_policies=len(policies) > 1, many_variants=len(variants) > 1)
        return {
            f"{policy}/{variant}": Side(f"{policy}/{variant}", number, titles.of(policy, variant))
            for number, (policy, variant) in enumerate(pairs)
        }

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every comparison that was made, in the order of the table."""
        table = self.table("comparisons")
        return tuple(Difference(**row) for row in table.select(list(Difference._fields)).to_pylist())

    @cached_property
    def last_month(self) -> int:
        """The last month that was measured."""
        month: int | None = pc.max(self.table("summary", ["month"])["month"]).as_py()
        return 0 if month is None else month

    def shown(self, month: int) -> int:
        """A month of the tables as people count it: from 1, from the first month with a score."""
        return month + 1 - int(self.city.get("warm_up", 0))

    @cached_property
    def residents(self) -> int:
        """How many live in the city."""
        table = self.table("residents", ["policy", "variant", "seed"])
        cells = table.group_by(["policy", "variant", "seed"]).aggregate([([], "count_all")])
        most: int | None = pc.max(cells["count_all"]).as_py()
        return most or 0

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, in order."""
        return tuple(sorted(pc.unique(self.table("measures", ["seed"])["seed"]).to_pylist()))

    @property
    def asked(self) -> tuple[str, ...]:
        """The measures that the document names, in its order; nothing where it takes all."""
        given = self.document.get("measures", "all")
        return () if given == "all" else tuple(given)

    def same_scale(self, one: Side, other: Side) -> bool:
        """Whether two sides count in the same points: they come from one rule book, whole or varied."""
        return _shape_of(self, one.policy) == _shape_of(self, other.policy)

    def tier_titles(self, side: Side, lang: str) -> dict[str, str]:
        """What the tiers of a side's policy are called; nothing where its file stayed where the experiment was run."""
        policy = _policy_of(self, side.policy)
        return {} if policy is None else {tier.name: tier.title.in_(lang) for tier in policy.tiers}

    def standing_titles(self, side: Side, lang: str) -> dict[str, str]:
        """What lists and sanctions of a side's policy are called; as `tier_titles`."""
        policy = _policy_of(self, side.policy)
        if policy is None:
            return {}
        lists = {one.name: one.title.in_(lang) for one in policy.lists}
        return lists | {one.name: one.title.in_(lang) for one in policy.sanctions}

    @property
    def city(self) -> Mapping[str, Any]:
        """The city, as the document gives it."""
        given: Mapping[str, Any] = self.document["city"]
        return given


class _Titles:
    """What sides are called: by what tells them apart, and by both where both do."""

    def __init__(self, run: Run, *, many_policies: bool, many_variants: bool) -> None:
        self.run, self.many_policies, self.many_variants = run, many_policies, many_variants

    def of(self, policy: str, variant: str) -> Text:
        """The title of a side."""
        by_variant = _title_of_variant(self.run, variant)
        if self.many_variants and not self.many_policies:
            return by_variant
        by_policy = _title_of_policy(self.run, policy)
        if not self.many_variants:
            return by_policy
        return Text({lang: f"{by_policy.in_(lang)}, {by_variant.in_(lang)}" for lang in ("en", "zh")})


def read_run(folder: Path) -> Run:
    """Open a run folder.

    Raises:
        InputError: something that a run leaves behind is missing or broken, or its people are not known to be made up.
    """
    missing = [name for name in (DOCUMENT, *(f"{name}.parquet" for name in TABLES)) if not (folder / name).is_file()]
    if missing:
        expected = "a folder that `goodstanding lab run` wrote to the end"
        raise InputError([Problem(str(folder), None, f"no {', '.join(missing)}", expected)])
    for name in TABLES:
        _check_world(folder / f"{name}.parquet")
    text = (folder / DOCUMENT).read_text(encoding="utf-8")
    document: Any = plain(read(folder / DOCUMENT))
    made = folder / MADE
    return Run(folder, document, text, json.loads(made.read_bytes()) if made.is_file() else {})


def _check_world(path: Path) -> None:
    """No report is made of people who may be real."""
    try:
        metadata: dict[bytes, bytes] = parquet.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError) as error:
        raise InputError([Problem(str(path), None, f"cannot be read: {error}", "a table of a run")]) from error
    if metadata.get(WORLD[0]) != WORLD[1]:
        raise InputError([Problem(str(path), None, "it does not say that its people are made up", "a table of a run")])


def _given(run: Run, key: str, name: str) -> Mapping[str, Any]:
    """What the document says of a policy or a variant; nothing where it gives but the name."""
    for entry in run.document.get(key, ()):
        if isinstance(entry, dict) and name in (entry.get("as"), entry.get("name"), entry.get("policy")):
            return entry
    return {}


def _text(given: Any) -> Text:
    return Text(given if isinstance(given, dict) else {"": str(given)})


def _title_of_variant(run: Run, name: str) -> Text:
    given = _given(run, "variants", name).get("title")
    if given is None and name == STANDARD:
        return Text({"en": "As it is", "zh": "现状"})
    return _text(given or name)


def _title_of_policy(run: Run, name: str) -> Text:
    given = _given(run, "policies", name)
    if "title" in given:
        return _text(given["title"])
    policy = _policy_of(run, name)
    return _text(name) if policy is None else policy.title


def _policy_of(run: Run, name: str) -> Policy | None:
    """The policy, or the one that it is a variation of; None where it is no shipped one and its file is not here."""
    try:
        return run.shelf.policy(str(_shape_of(run, name)))
    except PolicyError:
        return None


def _shape_of(run: Run, policy: str) -> Any:
    """From which rule book a policy of the document comes."""
    return _given(run, "policies", policy).get("policy", policy)
