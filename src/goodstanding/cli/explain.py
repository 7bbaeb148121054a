"""`explain` and `whatif`: one person's score, line by line, and what other events would have made of it."""

from __future__ import annotations

from typing import Annotated

import typer

from goodstanding.cli.events_given import added_events, removed_events
from goodstanding.cli.inputs import read_record
from goodstanding.cli.options import (
    CLIENTS,
    RESIDENTS,
    AsOf,
    EventsArgument,
    HomeOption,
    Json,
    Language,
    PeopleFile,
    Person,
    PolicyArgument,
    RecordedBy,
    TiesFile,
    World,
    examples,
)
from goodstanding.cli.outputs import print_json
from goodstanding.errors import UsageError

Plus = Annotated[
    list[str] | None,
    typer.Option(
        "--plus",
        metavar="FILE|JSON",
        help="Events to add: a file, or JSON, where id, source, person and time may be left out.",
        show_default=False,
    ),
]
Minus = Annotated[
    list[str] | None,
    typer.Option(
        "--minus", metavar="SOURCE/ID", help="An event to leave out, as explain names it.", show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "explain",
        epilog=examples(
            f"goodstanding explain consumer-credit {CLIENTS} --person taiwan-00002",
            f"goodstanding explain sesame {RESIDENTS} --person resident-04 --lang zh",
            "goodstanding explain my-policy.yaml book/ --as-of 2024-01-01T00:00:00Z --person Ada --json",
        ),
    )(explain_)
    paid = '\'{"type": "court.settled", "matter": "case-2018-17"}\''
    app.command(
        "whatif",
        epilog=examples(
            f"goodstanding whatif sesame {RESIDENTS} --person resident-02 --plus {paid}",
            f"goodstanding whatif sesame {RESIDENTS} --person resident-02 --minus court/court-001 --plus more.csv",
        ),
    )(whatif)


def explain_(
    policy: PolicyArgument,
    person: Person,
    as_of: AsOf,
    events: EventsArgument = None,
    home: HomeOption = None,
    people: PeopleFile = None,
    ties: TiesFile = None,
    recorded_by: RecordedBy = None,
    world: World = None,
    lang: Language = "en",
    every_event: Annotated[
        bool, typer.Option("--every-event", help="Name every event of a line, not only the first three.")
    ] = False,
    json: Json = False,
) -> None:
    """Explain one person's score: every point with its rule and its events, adding up to the score."""
    from goodstanding.explanation import as_text, explain
    from goodstanding.policy import load

    loaded = load(policy)
    record = read_record(events, home=home, world=world, people=people, ties=ties)
    explanation = explain(
        loaded,
        record.book,
        person,
        as_of=as_of,
        recorded_by=recorded_by,
        people=record.people,
        ties=record.ties,
        lang=lang,
    )
    if json:
        print_json(explanation.as_json())
    else:
        typer.echo(as_text(explanation, every_event=every_event))


def whatif(
    policy: PolicyArgument,
    person: Person,
    as_of: AsOf,
    events: EventsArgument = None,
    home: HomeOption = None,
    plus: Plus = None,
    minus: Minus = None,
    people: PeopleFile = None,
    ties: TiesFile = None,
    recorded_by: RecordedBy = None,
    world: World = None,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say what one person's score would be with some events more or less, and which lines would move."""
    from goodstanding.explanation import situation, what_if, what_if_text
    from goodstanding.policy import load

    if not plus and not minus:
        raise UsageError("nothing is changed: say which events with --plus, --minus or both")
    loaded = load(policy)
    record = read_record(events, home=home, world=world, people=people, ties=ties)
    one = situation(
        loaded, record.book, person, as_of=as_of, recorded_by=recorded_by, people=record.people, ties=record.ties
    )
    added, removed = added_events(plus or [], person, as_of), removed_events(minus or [])
    found = what_if(loaded, one, plus=added, minus=removed, lang=lang)
    if json:
        print_json(found.as_json())
    else:
        typer.echo(what_if_text(found))
