"""`reach`: the least changes in a person's own power that would reach the next tier."""

from __future__ import annotations

import typer

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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "reach",
        epilog=examples(
            f"goodstanding reach sesame {RESIDENTS} --person resident-02",
            f"goodstanding reach national {RESIDENTS} --person resident-10 --lang zh",
            f"goodstanding reach consumer-credit {CLIENTS} --person taiwan-00002 --json",
        ),
    )(reach_)


def reach_(
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
    json: Json = False,
) -> None:
    """Find the least changes in a person's own power that would reach the next tier.

    Every way that is told was scored. Considered: waiting, doing again or better what rules read, closing lists. Not
    considered: undoing the past, other people's scores, whom one knows. If nothing reaches it, that is said.
    """
    from goodstanding.explanation import reach, reach_json, reach_text
    from goodstanding.policy import load

    loaded = load(policy)
    record = read_record(events, home=home, world=world, people=people, ties=ties)
    found = reach(
        loaded, record.book, person, as_of=as_of, recorded_by=recorded_by, people=record.people, ties=record.ties
    )
    if json:
        print_json(reach_json(found, lang))
    else:
        typer.echo(reach_text(found, lang))
