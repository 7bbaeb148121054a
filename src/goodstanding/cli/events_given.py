"""Events given on the command line: whole files, or JSON in which the obvious is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from goodstanding.errors import EventsError, UsageError

if TYPE_CHECKING:
    from goodstanding.explanation import EventRef

SOURCE = "whatif"


def removed_events(given: Sequence[str]) -> list[EventRef]:
    """Names of events as `explain` shows them, `source/id`.

    Raises:
        UsageError: a name has no source or no id.
    """
    from goodstanding.explanation import EventRef

    names = [text.partition("/") for text in given]
    for source, _, id_ in names:
        if not source or not id_:
            raise UsageError(f"--minus {source}: an event is named SOURCE/ID, as explain shows it")
    return [EventRef(source, id_) for source, _, id_ in names]


def added_events(given: Sequence[str], person: str, as_of: int) -> list[dict[str, Any]]:
    """The events of all `--plus`, with all columns; times in microseconds since 1970.

    Raises:
        EventsError: an event is at fault. UsageError: the JSON is.
    """
    numbers = count(1)
    return [event for text in given for event in _added(text, person, as_of, numbers)]


def _added(text: str, person: str, as_of: int, numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    if text.lstrip()[:1] in ("{", "["):
        yield from _checked(list(_filled(text, person, as_of, numbers)))
    elif _is_file(text):
        yield from _read(Path(text))
    else:
        raise UsageError(f"--plus {text}: neither a file that is there nor JSON, which begins with {{ or [")


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # what can be no name, being too long, names no file
        return False


def _read(path: Path) -> list[dict[str, Any]]:
    from goodstanding.events import read_events

    return [event for batch in read_events([path]) for event in batch.to_pylist()]


def _checked(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events as if read from a file, so that they are held to the same rules; a fault names the event by its number."""
    import orjson

    with TemporaryDirectory() as folder:
        path = Path(folder) / "plus.jsonl"
        path.write_bytes(b"".join(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in events))
        try:
            return _read(path)
        except EventsError as error:
            raise EventsError([replace(problem, file="--plus") for problem in error.problems], error.more) from error


def _filled(text: str, person: str, as_of: int, numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    import orjson

    from goodstanding.events import format_moment
    from goodstanding.events.faults import shown_json

    try:
        events = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UsageError(f"--plus: no JSON: {error}") from error
    for event in [events] if isinstance(events, dict) else events:
        if not isinstance(event, dict):
            raise UsageError(f"--plus: an event is a JSON object, not {shown_json(event)}")
        filled = {"id": f"{SOURCE}-{next(numbers)}", "source": SOURCE, "person": person, "time": format_moment(as_of)}
        yield filled | event
