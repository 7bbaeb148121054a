"""Reading an experiment whole: the document, the policies that it names, who scores whom, and what is compared.

All faults are said at once, each with its line, before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from goodstanding.document.kinds import Text, Unread
from goodstanding.document.nodes import Findings, Node, Place, did_you_mean, one_of, quoted
from goodstanding.document.shapes import Values, read_keys
from goodstanding.document.text import read_into
from goodstanding.errors import InputError, Problem
from goodstanding.lab.experiments.comparisons import compared
from goodstanding.lab.experiments.document import (
    EXPERIMENT_KEYS,
    At,
    CityGiven,
    ComparisonGiven,
    PolicyGiven,
    VariantGiven,
)
from goodstanding.lab.experiments.folders import city_in
from goodstanding.lab.experiments.model import (
    ALL_SCORERS,
    STANDARD,
    Comparison,
    Experiment,
    PolicyPlan,
    Scoring,
    Value,
    VariantPlan,
)
from goodstanding.lab.experiments.shelf import Shelf
from goodstanding.lab.experiments.variation import VariationError, varied
from goodstanding.lab.parameters import Parameters
from goodstanding.policy import Policy

ALL: Final = "all"
"""In `mechanisms`: all that are not named."""

FED: Final = "platform.score"
"""The type of event as which one scorer's scores enter another's record."""

AS_IT_IS: Final = Text({"en": "As it is", "zh": "现状"})


@dataclass(frozen=True, slots=True)
class Known:
    """What an experiment may name.

    Attributes:
        mechanisms, measures: names, in the order of their registers.
        types: of event that happen in a city.
        parameters: before anything is changed.
    """

    mechanisms: tuple[str, ...]
    measures: tuple[str, ...]
    types: frozenset[str]
    parameters: Parameters


def read_experiment(source: str | bytes | Path, known: Known, file: str | None = None) -> Experiment:
    """Read an experiment: from a path, or from its text.

    Args:
        file: what it is called in messages; policies are looked for beside it.

    Raises:
        InputError: the document, or a policy that it names, is at fault; all faults at once.
    """
    name = file or (str(source) if isinstance(source, Path) else "experiment.yaml")
    findings = Findings(name)
    findings.names = {
        "mechanism": (ALL, *known.mechanisms),
        "measure": known.measures,
    }
    try:
        text = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise InputError([Problem(name, None, f"it cannot be read: {error.strerror}", "an experiment")]) from error
    root = read_into(text, findings)
    values = None if root is None else read_keys(root, EXPERIMENT_KEYS, findings, called="an experiment")
    if root is None or values is None or isinstance(values, Unread):
        raise InputError(findings.problems, findings.more)
    shelf = Shelf(Path(name).parent)
    given = _Resolver(root, findings, known, shelf).resolve(values)
    if findings.count:
        raise InputError(findings.problems, findings.more)
    said = text if isinstance(text, str) else text.decode()
    return Experiment(**given, text=said, file=name, files=shelf.files)


@dataclass(slots=True)
class _Resolver:
    """Makes an experiment of what a document gives; whatever is wrong is noted, and what could be made is given."""

    root: Node
    findings: Findings
    known: Known
    shelf: Shelf
    plans: dict[str, PolicyPlan] = field(default_factory=dict)

    def resolve(self, values: Values) -> dict[str, Any]:
        """The fields of the experiment."""
        city: CityGiven = values.get("city", CityGiven())
        self._check_parameters()
        residents, parameters, seeds = self._city(city, values.get("seeds"))
        for given in values.get("policies", ()):
            self._add_policy(given)
        variants = self._variants(values.get("variants"))
        return {
            "name": values.get("experiment", ""),
            "title": values.get("title"),
            "question": values.get("question"),
            "about": values.get("about"),
            "residents": residents,
            "months": city.months,
            "warm_up": city.warm_up,
            "parameters": parameters,
            "policies": tuple(self.plans.values()),
            "variants": variants,
            "seeds": seeds,
            "comparisons": self._comparisons(variants, values.get("compare")),
            "measures": self._measures(values.get("measures", ())),
            "observe_every": values.get("observe_every", 1),
        }

    def _comparisons(
        self, variants: Sequence[VariantPlan], given: Sequence[ComparisonGiven] | None
    ) -> tuple[Comparison, ...]:
        """What is held against what; where some policy or variant could not be read, nothing is said of their names."""
        wanted = [len(node.items) for key in ("policies", "variants") if (node := self.root.get(key)) is not None]
        if not self.plans or [len(self.plans), len(variants)][: len(wanted)] != wanted:
            return ()
        return compared(list(self.plans), [one.name for one in variants], given, self.findings)

    def _measures(self, named: Sequence[str]) -> tuple[str, ...]:
        """In the register's order, so that tables do not hang on the order in which they were asked for."""
        return tuple(name for name in self.known.measures if not named or name in named)

    # --- The city ------------------------------------------------------------------------------------------------

    def _city(self, city: CityGiven, seeds: tuple[int, ...] | None) -> tuple[int, Parameters, tuple[int, ...]]:
        parameters, residents = self.known.parameters, city.residents or 0
        if city.folder is not None:
            found = city_in(city.folder, self.shelf.folder, parameters, self.findings)
            if found is not None:
                residents, parameters, seeds = found.residents, found.parameters, seeds or (found.seed,)
        elif seeds is None and "seeds" not in self.root.mapping:
            self.findings.fault(self.root, "an experiment has no 'seeds'", "how many seeds, or which")
        return residents, self._changed(parameters, city.parameters), seeds or ()

    def _check_parameters(self) -> None:
        """Every parameter that is given another value, also where something else about the city or variant is wrong."""
        variants = self.root.get("variants")
        for node in (self.root.get("city"), *([] if variants is None else variants.items)):
            overrides = None if node is None else node.get("parameters")
            if overrides is not None:
                for name, given in overrides.mapping.items():
                    self._check_parameter(name, _plain(given), overrides.keys[name])

    def _check_parameter(self, name: str, value: Any, where: Place) -> None:
        try:
            if value is not None:
                self.known.parameters.changed({name: value})
        except InputError as error:
            for problem in error.problems:
                self.findings.fault(where, problem.found, problem.expected, problem.hint)

    def _changed(self, parameters: Parameters, overrides: At[Mapping[str, Any]] | None) -> Parameters:
        """The parameters with other values, unless something is wrong with them."""
        try:
            return parameters if overrides is None else parameters.changed(overrides.value, self.findings.file)
        except InputError:
            return parameters

    # --- Policies ------------------------------------------------------------------------------------------------

    def _add_policy(self, at: At[PolicyGiven]) -> None:
        given = at.value
        scorings = self._unique(given.policy)
        if len(scorings) < len(given.policy):
            return
        name = scorings[0].name if given.as_ is None else given.as_.value
        if name in self.plans:
            self.findings.fault(at.node, f"a second policy is called {quoted(name)}", "another name, with 'as'")
            return
        if given.without or given.set:
            policy = self._varied(at, scorings[0].policy, name)
            scorings = () if policy is None else (Scoring(name, policy),)
        elif len(scorings) == 1:
            scorings = (Scoring(name, scorings[0].policy),)
        if scorings:
            title = given.title or (scorings[0].policy.title if len(scorings) == 1 else Text({"": name}))
            self.plans[name] = PolicyPlan(name, title, scorings)

    def _unique(self, named: Iterable[At[str]]) -> tuple[Scoring, ...]:
        """Those who score, by name or file; each once."""
        found: dict[str, Scoring] = {}
        for at in named:
            for one in self._scorings(at):
                if one.name in found:
                    self.findings.fault(at.node, f"{quoted(one.name)} scores twice", "each scorer once")
                found[one.name] = one
        return tuple(found.values())

    def _scorings(self, at: At[str]) -> tuple[Scoring, ...]:
        """Who is meant by a name: a policy of this document that stands before, else a shipped one or a file."""
        if at.value in self.plans:
            return self.plans[at.value].scorings
        try:
            policy = self.shelf.policy(at.value, self.plans)
        except InputError as error:
            for problem in error.problems:
                self._refused(at.node, at.value, problem)
            return ()
        types = policy.catalogue.keys() & self.known.types
        if not types:
            found = f"the policy {quoted(at.value)} reads nothing that happens in a city"
            self.findings.fault(at.node, found, f"a policy that reads {one_of(sorted(self.known.types))}")
            return ()
        return (Scoring(policy.name, policy),)

    def _refused(self, node: Node, name: str, problem: Problem) -> None:
        """What is wrong with a policy, at the place of the experiment that names it."""
        if problem.line is None:
            self.findings.fault(node, f"policy {quoted(name)}: {problem.found}", problem.expected, problem.hint)
        else:
            found = f"policy {quoted(name)}: {problem.file}:{problem.line}: {problem.found}"
            self.findings.fault(node, found, problem.expected, problem.hint)

    def _varied(self, at: At[PolicyGiven], policy: Policy, name: str) -> Policy | None:
        given = at.value
        try:
            return varied(policy, name, [one.value for one in given.without], given.set)
        except VariationError as error:
            for key in (key for key in ("without", "set") if key in at.node.mapping):
                place = _place_of(at.node.mapping[key], error.key)
                if place is not None:
                    self.findings.fault(place, error.found, error.expected, error.hint)
                    break
        except InputError as error:
            for problem in error.problems:
                self.findings.fault(at.node, f"so changed, {problem.found}", problem.expected, problem.hint)
        return None

    # --- Variants ------------------------------------------------------------------------------------------------

    def _variants(self, given: Sequence[At[VariantGiven]] | None) -> tuple[VariantPlan, ...]:
        if given is None:
            return (VariantPlan(STANDARD, AS_IT_IS, self._mechanisms({})),)
        variants: dict[str, VariantPlan] = {}
        for at in given:
            name = at.value.name
            if name.value in variants:
                self.findings.fault(name.node, f"a second variant is called {quoted(name.value)}", "another name")
            if name.value in self.plans:
                self.findings.fault(name.node, f"a policy is called {quoted(name.value)} too", "another name")
            variants[name.value] = self._variant(at.value)
            self._check_scorers(variants[name.value], at.node)
        return tuple(variants.values())

    def _variant(self, given: VariantGiven) -> VariantPlan:
        return VariantPlan(
            name=given.name.value,
            title=given.title or Text({"": given.name.value}),
            mechanisms=self._mechanisms(given.mechanisms),
            told=given.told,
            notice=given.notice,
            dispute=given.dispute,
            correction=given.correction,
            enrolment=dict(given.enrolment),
            scorings=self._unique(given.scorers),
            feeds={feed.from_.value: feed.to.value for feed in given.feed},
            parameters={} if given.parameters is None else _values(given.parameters.value),
        )

    def _mechanisms(self, given: Mapping[str, bool]) -> dict[str, bool]:
        """Every mechanism, and whether it is on."""
        others = given.get(ALL, True)
        return {name: given.get(name, others) for name in self.known.mechanisms}

    def _check_scorers(self, variant: VariantPlan, node: Node) -> None:
        """Whoever a variant speaks of scores under each of the policies, and a feed is read."""
        for plan in self.plans.values():
            scorings = {one.name: one for one in plan.scorings}
            for one in variant.scorings:
                if one.name in scorings:
                    found = f"{quoted(one.name)} scores twice, under the policy {plan.name} and beside it"
                    self.findings.fault(node.mapping["scorers"], found, "each scorer once")
                scorings[one.name] = one
            for name in (name for name in variant.enrolment or {} if name != ALL_SCORERS):
                self._is_among(name, scorings, plan, node.mapping["enrolment"])
            for from_, to in (variant.feeds or {}).items():
                where = node.mapping["feed"]
                if self._is_among(from_, scorings, plan, where) and self._is_among(to, scorings, plan, where):
                    self._is_read(to, scorings[to].policy, where)

    def _is_among(self, name: str, scorings: Mapping[str, Scoring], plan: PolicyPlan, where: Node) -> bool:
        if name not in scorings:
            found = f"nobody called {quoted(name)} scores under the policy {plan.name}"
            self.findings.fault(where, found, one_of(scorings), did_you_mean(name, scorings))
        return name in scorings

    def _is_read(self, name: str, policy: Policy, where: Node) -> None:
        if FED not in policy.catalogue:
            found = f"the policy {name} does not read {FED}"
            self.findings.fault(where, found, f"a policy whose catalogue holds {FED}, such as national")


def _place_of(node: Node, key: str) -> tuple[int, int] | None:
    """Where a key of a mapping, or a text of a list, stands."""
    return node.keys.get(key) or next((item.place for item in node.items if item.value == key), None)


def _plain(node: Node) -> Any:
    """A number or a list of numbers; None for anything else, which has been noted."""
    if node.items and all(item.is_number for item in node.items):
        return tuple(item.value for item in node.items)
    return node.value if node.is_number else None


def _values(given: Mapping[str, Any]) -> dict[str, Value]:
    return {
        name: tuple(map(float, value)) if isinstance(value, tuple) else float(value) for name, value in given.items()
    }
