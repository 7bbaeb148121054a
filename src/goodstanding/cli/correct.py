"""`correct` and `retract`: an event on record is replaced, or taken back, when what that changes was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.clock import system_clock
from goodstanding.cli.home import Actor, HomeArgument
from goodstanding.cli.homes import derived, opened, whoever
from goodstanding.cli.options import Json, Language, examples, moment, policy_names, whole
from goodstanding.cli.outputs import print_json
from goodstanding.cli.tables import even
from goodstanding.errors import UsageError
from goodstanding.limits import GREATEST_VALUE

if TYPE_CHECKING:
    from goodstanding.book import Book
    from goodstanding.explanation import WhatIf
    from goodstanding.policy import Policy
    from goodstanding.record.correcting import Correction
    from goodstanding.record.home import Home

NULLABLE = ("amount", "value", "label", "party", "matter")

Source = Annotated[str, typer.Option("--source", metavar="NAME", help="Who sent the event.", show_default=False)]
Id = Annotated[str, typer.Option("--id", metavar="ID", help="The event's id.", show_default=False)]
Reason = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the vault, sealed.", show_default=False),
]
UnderPolicy = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="POLICY",
        help="Under which policy to show what changes; by default that of the last run.",
        autocompletion=policy_names,
        show_default=False,
    ),
]
At = Annotated[
    int | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        parser=moment,
        help="For which moment to show it; by default now.",
        show_default=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]


def _text(name: str, what: str) -> Any:
    return typer.Option(f"--{name}", metavar="TEXT", help=what, show_default=False)


def _number(name: str) -> Any:
    return typer.Option(
        f"--{name}",
        metavar="N",
        parser=whole(-GREATEST_VALUE, GREATEST_VALUE),
        help=f"Another {name}.",
        show_default=False,
    )


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "correct",
        epilog=examples(
            "goodstanding correct HOME --source bank --id 4711 --amount 12000 --reason 'typed a digit too many'",
            "goodstanding correct HOME --source court --id c-1 --person p-2 --reason 'another of that name' --dry-run",
        ),
    )(correct)
    app.command(
        "retract",
        epilog=examples(
            "goodstanding retract HOME --source court --id c-1 --reason 'the judgment was set aside'",
            "goodstanding retract HOME --source court --id c-1 --reason 'set aside' --policy sesame --yes",
        ),
    )(retract)


def correct(
    home: HomeArgument,
    source: Source,
    id_: Id,
    reason: Reason,
    person: Annotated[str | None, _text("person", "Whom it is about.")] = None,
    type_: Annotated[str | None, _text("type", "Another type.")] = None,
    time: Annotated[
        int | None,
        typer.Option("--time", metavar="TIME", parser=moment, help="When it happened.", show_default=False),
    ] = None,
    amount: Annotated[int | None, _number("amount")] = None,
    value: Annotated[int | None, _number("value")] = None,
    label: Annotated[str | None, _text("label", "Another label.")] = None,
    party: Annotated[str | None, _text("party", "Another party.")] = None,
    matter: Annotated[str | None, _text("matter", "Another matter.")] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="COLUMN", help=f"Leave empty: {', '.join(NULLABLE)}.", show_default=False),
    ] = None,
    policy: UnderPolicy = None,
    as_of: At = None,
    actor: Actor = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Correct an event on record, after showing what that changes; what was known before stays true of that time."""
    from goodstanding.record.correcting import corrected

    given = {
        "person": person,
        "type": type_,
        "time": time,
        "amount": amount,
        "value": value,
        "label": label,
        "party": party,
        "matter": matter,
    }
    changes = {name: value for name, value in given.items() if value is not None} | _emptied(without or [])
    if not changes:
        raise UsageError("nothing is corrected: say what with --time, --amount, --person or another column")
    showing = Showing(policy, as_of, lang)
    _do(home, lambda book: corrected(book, source, id_, changes), reason, showing, _Asking(actor, yes, dry_run, json))


def retract(
    home: HomeArgument,
    source: Source,
    id_: Id,
    reason: Reason,
    policy: UnderPolicy = None,
    as_of: At = None,
    actor: Actor = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Take back an event on record, after showing what that changes; what was known before stays true of that time."""
    from goodstanding.record.correcting import retracted

    showing = Showing(policy, as_of, lang)
    _do(home, lambda book: retracted(book, source, id_), reason, showing, _Asking(actor, yes, dry_run, json))


def _emptied(columns: list[str]) -> dict[str, None]:
    for name in columns:
        if name not in NULLABLE:
            raise UsageError(f"--without {name}: an event can do without {', '.join(NULLABLE)}")
    return dict.fromkeys(columns)


class Showing:
    """Under which policy, and for which moment, it is shown what a correction changes."""

    def __init__(self, policy: str | None, as_of: int | None, lang: str) -> None:
        self.policy = policy
        self.as_of = system_clock() if as_of is None else as_of
        self.lang = lang

    def seen(self, home: Home, book: Book, correction: Correction) -> list[WhatIf]:
        """What changes for whom; nothing where there is no policy to show it under."""
        from goodstanding.record.correcting import preview

        policy = self._policy(home)
        if policy is None:
            return []
        return preview(policy, book, correction, as_of=self.as_of, lang=self.lang)

    def _policy(self, home: Home) -> Policy | None:
        from goodstanding.policy import load
        from goodstanding.record.ledger.entries.runs import ScoreRun
        from goodstanding.record.runs import kept_policy, runs

        if self.policy is not None:
            return load(self.policy)
        last = next(iter(list(runs(home))[-1:]), None)
        return None if last is None else kept_policy(home, last.read(ScoreRun).policy)


class _Asking:
    """On whose word it is to be done, whether it is, and how that is told."""

    def __init__(self, actor: str | None, yes: bool, dry_run: bool, json: bool) -> None:
        self.actor = actor or whoever()
        self.yes, self.dry_run, self.json = yes, dry_run, json

    def agreed(self) -> bool:
        """Ask, unless the answer was given with the command.

        Raises:
            UsageError: nobody can be asked.
        """
        if self.dry_run or self.yes:
            return self.yes and not self.dry_run
        if self.json:
            raise UsageError("with --json nobody is asked: add --yes, or --dry-run")
        return typer.confirm("Put this on record?", default=False, err=True)


def _do(folder: Path, prepare: Callable[[Book], Correction], reason: str, showing: Showing, asking: _Asking) -> None:
    from goodstanding.record.correcting import make

    with opened(folder, read_only=asking.dry_run) as home:
        book = derived(home).book
        correction = prepare(book)
        seen = showing.seen(home, book, correction)
        if not asking.json:
            _show(correction, seen)
        done = asking.agreed() and make(home, correction, reason=reason, actor=asking.actor)
    if asking.json:
        print_json(_as_json(correction, seen, done=bool(done)))
    else:
        typer.echo(
            f"On record as {correction.after['source']}/{correction.after['id']}" if done else "Nothing is done."
        )


def _show(correction: Correction, seen: list[WhatIf]) -> None:
    from goodstanding.explanation import what_if_text

    before, after = correction.before, correction.after
    what = "is corrected" if correction.changed else "is taken back"
    typer.echo(f"Event {before['source']}/{before['id']}, {before['type']} of {before['person']}, {what}:")
    rows = [[f"  {name}", _shown(name, before[name]), "→", _shown(name, after[name])] for name in correction.changed]
    if rows:
        typer.echo(even(rows))
    for found in seen:
        typer.echo("\n" + what_if_text(found))
    if not seen:
        typer.echo("\nWhat this changes in scores cannot be shown: name a --policy; no run is on record.")


def _shown(name: str, value: Any) -> str:
    from goodstanding.events import format_moment

    if value is None:
        return "–"
    return format_moment(value) if name == "time" else str(value)


def _as_json(correction: Correction, seen: list[WhatIf], *, done: bool) -> dict[str, Any]:
    return {
        "done": done,
        "before": _event(correction.before),
        "after": _event(correction.after),
        "changed": list(correction.changed),
        "people": [found.as_json() for found in seen],
    }


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _shown(name, value) if name == "time" else value for name, value in event.items() if name != "recorded"
    }
