"""Asking witnesses to sign a head: over HTTP, or in a folder of this machine."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from goodstanding.errors import GoodstandingError, RecordError, TamperError
from goodstanding.record.clock import Clock
from goodstanding.record.disk import Disk
from goodstanding.record.ledger.heads import Heads
from goodstanding.record.ledger.serving import PATH
from goodstanding.record.ledger.trust import Witness
from goodstanding.record.ledger.witness import CONFLICT, OK, SIZE_TYPE, UNPROVEN, Answer, WitnessDesk
from goodstanding.record.notes import Checkpoint, Note, NoteError, Signature, Verifier

PATIENCE_SECONDS: Final = 10.0
MOST: Final = 65_536
"""Bytes of an answer."""
SIZE: Final = re.compile(r"(0|[1-9][0-9]{0,15})\n")
TRIES: Final = 3
"""A witness that has seen another size than we believe tells it, and is asked again from there."""

Post: TypeAlias = Callable[[str], Answer]
"""Hands a request to a witness, and brings its answer back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one witness: its signature is kept, or `why` not."""

    witness: str
    why: str = ""


def ask_all(heads: Heads, note: Note, witnesses: Iterable[Witness], *, clock: Clock, disk: Disk) -> list[Asked]:
    """Ask witnesses to sign a head, and keep what they sign.

    One that cannot be reached, or refuses, holds up no other.

    Raises:
        TamperError: one of them has seen another ledger of this name than the one that is here.
    """
    return [_asked(heads, note, one, clock=clock, disk=disk) for one in witnesses]


def _asked(heads: Heads, note: Note, witness: Witness, *, clock: Clock, disk: Disk) -> Asked:
    try:
        ask(heads, note, witness.key, posting(witness.at, clock=clock, disk=disk))
    except TamperError as error:
        raise TamperError(f"{witness.name}: {error}") from error
    except (GoodstandingError, NoteError, OSError, http.client.HTTPException) as error:
        return Asked(witness.name, " ".join(str(error).split()) or type(error).__name__)
    return Asked(witness.name)


def ask(heads: Heads, note: Note, key: Verifier, post: Post) -> Note:
    """Have a head signed by one witness, and keep its signature.

    Raises:
        RecordError: the witness refuses; its words.
        TamperError: it has seen another ledger of this name.
        NoteError: what it answers is no signature of its own.
    """
    old = min(heads.last_of(key), Checkpoint.parse(note.text).size)
    for _ in range(TRIES):
        answer = post(str(heads.grown(old, note)))
        if answer.code == OK:
            return heads.add(note, key, _line(answer.text, key))
        old = _told_size(answer, note, old)
    raise RecordError("it tells another size each time it is asked; try again later")


def posting(at: str, *, clock: Clock, disk: Disk) -> Post:
    """How a witness is reached: by URL, or in its folder.

    Raises:
        RecordError: there is no such folder, or the URL is none of HTTP.
    """
    if "://" not in at:
        return WitnessDesk(Path(at), clock=clock, disk=disk).answer
    parts = urlsplit(at)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RecordError(f"{at}: an address http://… or https://… was expected, or a folder")
    return lambda text: _posted(at, text)


def _posted(at: str, text: str) -> Answer:
    """By hand, since a witness redirects nobody, and is asked by nobody's proxy."""
    parts = urlsplit(at)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", parts.path.rstrip("/") + PATH, text.encode(), {"Content-Type": "text/plain"})
        answer = connection.getresponse()
        body = answer.read(MOST).decode(errors="replace")
        return Answer(answer.status, body, answer.headers.get_content_type())
    finally:
        connection.close()


def _line(text: str, key: Verifier) -> Signature:
    """The witness's own line of its answer."""
    for line in text.splitlines():
        signature = Signature.parse(line)
        if (signature.name, signature.key_id) == (key.name, key.key_id):
            return signature
    raise NoteError(f"its answer has no signature of {key.name}")


def _told_size(answer: Answer, note: Note, old: int) -> int:
    """The size that a witness says it has seen; anything else that it says is refused, or evidence.

    Raises:
        RecordError: it follows no such ledger, does not know its key, or answers what it may not.
        TamperError: the ledger that it has seen is not this one.
    """
    size = Checkpoint.parse(note.text).size
    said = " ".join(answer.text.split())
    if answer.code == CONFLICT and answer.type == SIZE_TYPE and SIZE.fullmatch(answer.text):
        seen = int(answer.text)
        if seen > size:
            raise TamperError(
                f"it has seen {seen:,} entries of this ledger, and {size:,} are here: entries were cut off, "
                "or this is an older backup"
            )
        if seen == old:
            raise TamperError(
                f"it has seen other entries under these numbers, up to {size:,}: the ledger was rewritten"
            )
        return seen
    if answer.code != UNPROVEN:
        raise RecordError(f"it refuses ({answer.code}): {said}")
    raise TamperError(f"what it has seen ({old:,} entries) is not how this ledger begins: the ledger was rewritten")
