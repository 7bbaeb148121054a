"""What the commands' arguments and options are, once for all of them, and how a moment is written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, PAST_LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # specification section 1
SHAPE = "a date, a time and a zone, for instance 2018-01-01T00:00:00Z"


RESIDENTS = "examples/people/events.csv --world synthetic --ties examples/people/ties.csv --as-of 2018-11-06T00:00:00Z"
CLIENTS = "examples/taiwan/events.parquet --as-of 2005-10-01T00:00:00Z"


def examples(*lines: str) -> str:
    """The end of a command's help: commands to copy."""
    return "\n".join(["Examples:", *(f"  {line}".replace("[", r"\[") for line in lines)])


def moment(text: str) -> int:
    """A time with its zone, as microseconds since 1970.

    Raises:
        typer.BadParameter: no time, no zone, or outside 1900 to 2200.
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time: write {SHAPE}") from None
    if "T" not in text.upper() and " " not in text.strip():
        raise typer.BadParameter(f"{text!r} is a day, not a moment: write {SHAPE}")
    if when.tzinfo is None:
        raise typer.BadParameter(f"{text!r} does not say its zone: write {SHAPE}")
    if not FIRST <= when < PAST_LAST:
        raise typer.BadParameter(f"{text!r} is not in the years 1900 to 2199")
    since = when - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def shown(time_us: int) -> str:
    """A moment as it is written: to the second, or to the microsecond where it has some."""
    seconds, micros = divmod(time_us, 1_000_000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{micros:06d}Z" if micros else f"{text}Z"


def day(time_us: int) -> str:
    """The day of a moment, in UTC."""
    return shown(time_us)[:10]


def policy_names(incomplete: str) -> list[str]:
    """Names of the shipped policies, for shell completion."""
    folder = Path(__file__).parent.parent / "policies"
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem.startswith(incomplete))


Lang = Literal["en", "zh"]

PolicyArgument = Annotated[
    str,
    typer.Argument(
        metavar="POLICY",
        help="A policy file, or the name of a shipped policy (see `goodstanding policy list`).",
        autocompletion=policy_names,
        show_default=False,
    ),
]
EventsArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="EVENTS",
        help="Files of events (.parquet, .csv, .jsonl), or the folder of one saved book.",
        show_default=False,
    ),
]
AsOf = Annotated[
    int,
    typer.Option(
        "--as-of",
        metavar="TIME",
        parser=moment,
        help="The moment to score for, with its zone: 2018-01-01T00:00:00Z. Later events are not read.",
        show_default=False,
    ),
]
RecordedBy = Annotated[
    int | None,
    typer.Option(
        "--recorded-by",
        metavar="TIME",
        parser=moment,
        help="Read only what was on record by this moment.",
        show_default=False,
    ),
]
PeopleFile = Annotated[
    Path | None,
    typer.Option("--people", metavar="FILE", help="Whom to score: a file with the column person.", show_default=False),
]
TiesFile = Annotated[
    Path | None,
    typer.Option(
        "--ties", metavar="FILE", help="Who knows whom: a file with a, b, since, until and kind.", show_default=False
    ),
]
World = Annotated[
    Literal["live", "synthetic"] | None,
    typer.Option("--world", help="The world of files that do not say theirs.", show_default=False),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads", min=1, max=1024, metavar="N", help="How many threads compute; all by default.", show_default=False
    ),
]
Person = Annotated[str, typer.Option("--person", metavar="P", help="Whose score.", show_default=False)]
Language = Annotated[Lang, typer.Option("--lang", help="The language of sentences.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with JSON, for programs.")]
