"""`demo`: what it does: real clients scored, the score held against what came of them, one explained.

Then made-up residents under two policies for synthetic worlds, and a made-up town with two experiments. Everything
printed comes from the example files, the shipped policies and the shipped experiments.
"""

from __future__ import annotations

import csv
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli import demo_town
from goodstanding.cli.evaluate import evaluation_text
from goodstanding.cli.inputs import read_record
from goodstanding.cli.options import Json, examples, moment
from goodstanding.cli.outputs import checked_apart, print_json
from goodstanding.cli.tables import counts_bars, even
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.comparison import Outcome
    from goodstanding.evaluation import Evaluation
    from goodstanding.explanation import Explanation
    from goodstanding.policy import Policy

CHECKOUT = Path(__file__).resolve().parents[3] / "examples"
CREDIT, CREDIT_AS_OF, CLIENT = "consumer-credit", "2005-10-01T00:00:00Z", "taiwan-00002"
PEOPLE, PEOPLE_AS_OF = ("sesame", "national"), "2018-11-06T00:00:00Z"
BOOTSTRAP = 1000  # as in the README of the example


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo", epilog=examples("goodstanding demo", "goodstanding demo --no-town", "goodstanding demo --copy examples")
    )(demo)


def demo(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--examples", metavar="DIR", help="The folder of examples; a checkout has one.", show_default=False
        ),
    ] = None,
    copy: Annotated[
        Path | None,
        typer.Option(
            "--copy", metavar="DIR", help="Only copy the example files there, to try commands on.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the town and its pages go; made anew each time.")
    ] = Path("demo"),
    town: Annotated[bool, typer.Option("--town/--no-town", help="Build the made-up town too, and experiment.")] = True,
    json: Json = False,
) -> None:
    """Show what it does: 30,000 real clients, one of them explained, a dozen made-up residents, and a made-up town."""
    found = examples_folder(folder)
    if copy is not None:
        _copy(found, copy)
        return
    if town:
        demo_town.clear(out)
    credit = Credit.of(found / "taiwan")
    residents = Residents.of(found / "people")
    if json:
        laboratory = {"laboratory": demo_town.summary(out)} if town else {}
        print_json({"credit": credit.as_json(), "people": residents.as_json(), **laboratory})
        return
    typer.echo("\n".join([*credit.lines(), *residents.lines()]))
    for part in demo_town.lines(out) if town else ():
        typer.echo(part)
    typer.echo("\n".join(_next(found)))
    if town and sys.stdout.isatty():
        demo_town.show(out)


def examples_folder(given: Path | None) -> Path:
    """Where the example files are.

    Raises:
        UsageError: they are not there.
    """
    found = CHECKOUT if given is None else given
    wanted = [found / "taiwan" / "events.parquet", found / "people" / "events.csv"]
    missing = [path for path in wanted if not path.is_file()]
    if missing:
        raise UsageError(f"there is no {missing[0]}: name the folder `examples` of a checkout with --examples")
    return found


@dataclass(frozen=True, slots=True)
class Credit:
    """Real clients: their scores by tier, what these are worth, and one client explained."""

    policy: Policy
    people: int
    events: int
    tiers: dict[str, int]
    evaluation: Evaluation
    explanation: Explanation

    @classmethod
    def of(cls, folder: Path) -> Credit:
        """Score the clients of the Taiwan set."""
        from goodstanding.cli.score import summarised
        from goodstanding.evaluation import evaluate, read_outcomes
        from goodstanding.explanation import explain
        from goodstanding.policy import load
        from goodstanding.scoring import score
        from goodstanding.standing import stand, to_table

        policy, as_of = load(CREDIT), moment(CREDIT_AS_OF)
        record = read_record([folder / "events.parquet"])
        scores = score(policy, record.book, as_of=as_of)
        standing = stand(scores)
        table, outcomes = to_table(scores, standing), read_outcomes(folder / "outcomes-evaluation.parquet")
        evaluation = evaluate(
            table["score"],
            outcomes.of(table["person"]),
            tiers=table["tier"],
            order=[tier.name for tier in policy.tiers],
            bootstrap=BOOTSTRAP,
        )
        return cls(
            policy=policy,
            people=len(scores),
            events=len(record.book),
            tiers=summarised(policy, record, scores, standing)["tiers"],
            evaluation=evaluation,
            explanation=explain(policy, record.book, CLIENT, as_of=as_of),
        )

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "people": self.people,
            "events": self.events,
            "tiers": self.tiers,
            "evaluation": self.evaluation.to_dict(),
            "explanation": self.explanation.as_json(),
        }

    def lines(self) -> Iterator[str]:
        """The first three parts of the demo."""
        from goodstanding.explanation import as_text

        titles = {tier.name: tier.title.in_("en") for tier in self.policy.tiers}
        counted = f"{self.people:,} real credit-card clients, {self.events:,} events"
        yield _head(f"1  {counted}, one published policy")
        began = f"from {self.policy.least} to {self.policy.most}"
        yield f"Taiwan, 2005; scored {began} under {CREDIT}, as of 1 October 2005\n"
        yield counts_bars([(titles[name], count) for name, count in self.tiers.items()])
        yield _head("2  How well the score foresees who defaults")
        yield "In the half of the clients that had no part in choosing the points; outcome 1: defaulted in October\n"
        yield evaluation_text(self.evaluation).partition("\nWithout an outcome")[0]
        yield _head("3  One client's score, explained to the point")
        yield as_text(self.explanation)


@dataclass(frozen=True, slots=True)
class Residents:
    """Made-up people under two policies for synthetic worlds, friends and all."""

    about: dict[str, str]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, folder: Path) -> Residents:
        """Score the residents."""
        from goodstanding.comparison import Outcome
        from goodstanding.policy import load
        from goodstanding.scoring import score
        from goodstanding.standing import stand

        record = read_record(
            [folder / "events.csv"], world="synthetic", people=folder / "people.csv", ties=folder / "ties.csv"
        )
        outcomes = []
        for policy in map(load, PEOPLE):
            scores = score(policy, record.book, as_of=moment(PEOPLE_AS_OF), people=record.people, ties=record.ties)
            outcomes.append(Outcome(policy, scores, stand(scores)))
        with (folder / "people.csv").open(encoding="utf-8", newline="") as rows:
            about = {row["person"]: row["about"] for row in csv.DictReader(rows)}
        return cls(about, tuple(outcomes))

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """For each resident what each policy makes of them, with the columns of the specification."""
        from goodstanding.standing import to_table

        found: dict[str, list[dict[str, Any]]] = {}
        for outcome in self.outcomes:
            for row in to_table(outcome.scores, outcome.standing).to_pylist():
                found.setdefault(row["person"], []).append(row)
        return found

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        kept = ("score", "own_score", "tier", "lists", "perks", "sanctions")
        return {
            person: {
                outcome.policy.name: {name: row[name] for name in kept}
                for outcome, row in zip(self.outcomes, rows, strict=True)
            }
            for person, rows in self.rows().items()
        }

    def lines(self) -> Iterator[str]:
        """The last part of the demo."""
        found = self.rows()
        yield _head("4  A dozen made-up residents, under a shop's score and a nation's")
        yield "Nobody here exists. sesame and national are policies for synthetic worlds: no real record passes them.\n"
        table = [["  resident", "who", "sesame", "", "national", "", "sanctions under national"]]
        for person, (shop, nation) in found.items():
            due = ", ".join(state.partition(":")[0] for state in nation["sanctions"])
            scores = [str(shop["score"]), self._tier(0, shop), str(nation["score"]), self._tier(1, nation)]
            table.append([f"  {person.removeprefix('resident-')}", self.about[person], *scores, due])
        yield even(table, right=(2, 4))
        yield ""
        yield from self._sentences(found)

    def _tier(self, place: int, row: dict[str, Any]) -> str:
        titles = {tier.name: tier.title.in_("en").partition(",")[0] for tier in self.outcomes[place].policy.tiers}
        return titles.get(row["tier"], "")

    def _sentences(self, found: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
        """What to see in the table, with its numbers taken from it."""
        listed, dragged, critic = (found[f"resident-{number}"] for number in ("02", "04", "08"))
        yield (
            f"02 is on a court's list: {listed[0]['court_list']} points at the shop, "
            "which sells neither flights nor loans to those listed."
        )
        yield (
            f"04 pays everything and would stand at {dragged[0]['own_score']}; "
            f"with those friends it is {dragged[0]['score']}."
        )
        yield (
            f"08 is {self._tier(0, critic[0]).lower()} as a customer, {critic[0]['score']}; as a citizen grade "
            f"{self._tier(1, critic[1])}: {critic[1]['criticism']} points for what was said."
        )


def _copy(found: Path, target: Path) -> None:
    checked_apart("--copy", target, [found])
    if target.exists():
        raise UsageError(f"--copy {target}: is there already; name a new folder")
    target.mkdir(parents=True)  # by itself, since what copytree raises is no sentence
    shutil.copytree(found, target, dirs_exist_ok=True)
    typer.echo(f"Copied to {target}")


def _head(text: str) -> str:
    return f"\n{text}\n{'─' * len(text)}"


def _next(found: Path) -> Iterator[str]:
    shown = found.relative_to(Path.cwd()) if found.is_relative_to(Path.cwd()) else found
    events, ties = (shlex.quote(str(shown / "people" / name)) for name in ("events.csv", "ties.csv"))
    what = f"{events} --world synthetic --ties {ties} --as-of {PEOPLE_AS_OF}"
    yield _head("What to try next")
    yield "  goodstanding policy list"
    yield f"  goodstanding explain national {what} --person resident-08"
    yield f"  goodstanding reach sesame {what} --person resident-02"
    yield "  goodstanding lab run loyalty --out loyalty"
    yield "  goodstanding lab report loyalty"
    yield "  goodstanding --help"
