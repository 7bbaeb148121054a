"""A witness: it remembers the newest head of each ledger it follows, and signs only heads that go on from there.

That is all it does, and enough: a ledger that was rewritten cannot be shown to have grown out of the head that the
witness remembers, whoever holds the ledger's key. Source: c2sp.org/tlog-witness, whose answers these are.

    DIR/witness.key     the seed of its Ed25519 key
    DIR/witness.pub     its verifier key, to be handed on
    DIR/logs.txt        the keys of the ledgers that it follows, a line `log VKEY` each
    DIR/seen/           the newest head of each that it signed
    DIR/refused/        requests, truly signed by their ledger, that contradict what it saw: evidence
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

from goodstanding.errors import RecordError
from goodstanding.record.clock import Clock
from goodstanding.record.disk import Disk
from goodstanding.record.ledger.requests import Request
from goodstanding.record.ledger.trust import Trust
from goodstanding.record.merkle import EMPTY
from goodstanding.record.notes import Checkpoint, Note, NoteError, Signer, Verifier

KEY: Final = "witness.key"
PUBLIC: Final = "witness.pub"
LOGS: Final = "logs.txt"
SEEN: Final = "seen"
REFUSED: Final = "refused"
LOCK: Final = "lock"
MOST_REFUSED: Final = 100
"""Pieces of evidence that are kept: one would do, and nobody may fill the disk with them."""

OK, BAD, FORBIDDEN, UNKNOWN, CONFLICT, UNPROVEN = 200, 400, 403, 404, 409, 422
"""What a witness answers, as c2sp.org/tlog-witness numbers it."""
SIZE_TYPE: Final = "text/x.tlog.size"
"""The type of an answer that tells the size which the witness has seen."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness says to a request."""

    code: int
    text: str
    type: str = "text/plain; charset=utf-8"


class Refusal(Exception):  # noqa: N818 an answer, and no error of ours
    """The request is answered with no signature."""

    def __init__(self, code: int, text: str, type_: str = "text/plain; charset=utf-8") -> None:
        super().__init__(text)
        self.answer = Answer(code, text, type_)


class WitnessDesk:
    """A witness of this machine, in its folder.

    Args:
        clock: when it signs.

    Raises:
        RecordError: the folder is no witness's.
    """

    def __init__(self, folder: Path, *, clock: Clock, disk: Disk) -> None:
        if not (folder / KEY).is_file():
            raise RecordError(f"{folder}: no witness; make one with `goodstanding ledger witness init {folder}`")
        self.folder, self._clock, self._disk = folder, clock, disk
        self.signer = Signer(_name(folder), disk.read(folder / KEY))
        self._turn = Lock()

    @classmethod
    def create(cls, folder: Path, name: str, *, clock: Clock, disk: Disk) -> WitnessDesk:
        """Make a witness with a new key, which follows no ledger yet.

        Raises:
            RecordError: there is one already, or the name cannot be a key's.
        """
        if (folder / KEY).exists():
            raise RecordError(f"{folder}: a witness lives there already")
        try:
            signer = Signer.generate(name)
        except NoteError as fault:
            raise RecordError(str(fault)) from fault
        for inner in (SEEN, REFUSED):
            disk.make_folder(folder / inner)
        disk.write(folder / PUBLIC, [f"{signer.witness.vkey}\n".encode()])
        disk.write(folder / LOGS, [b"quorum none\n"])
        disk.write(folder / KEY, [signer.seed])
        return cls(folder, clock=clock, disk=disk)

    def follow(self, log: Verifier) -> None:
        """Sign heads of a ledger from now on.

        Raises:
            RecordError: it follows it already.
        """
        with self._alone():
            known = self.logs
            if log.name in known:
                raise RecordError(f"{self.folder}: it follows {log.name} already")
            trust = Trust((*known.values(), log))
            self._disk.write(self.folder / LOGS, [str(trust).encode()])

    @property
    def logs(self) -> Mapping[str, Verifier]:
        """The ledgers that it follows, by name."""
        return {one.name: one for one in Trust.read(self.folder / LOGS).logs}

    def seen(self, origin: str) -> Note | None:
        """The newest head of a ledger that it signed."""
        path = self._path(origin)
        return Note.parse(path.read_text(encoding="utf-8")) if path.is_file() else None

    def answer(self, text: str) -> Answer:
        """What it says to a request; a new head is on the disk before it is signed for anybody to see."""
        try:
            with self._alone():
                return Answer(OK, self._sign(text))
        except Refusal as refusal:
            return refusal.answer

    def _sign(self, text: str) -> str:
        try:
            request = Request.parse(text)
            head = request.head
        except NoteError as fault:
            raise Refusal(BAD, f"{fault}\n") from fault
        self._require_signed(request.note, head)
        if request.old > head.size:
            raise Refusal(BAD, f"old {request.old} is more than {head.size}\n")
        self._require_next(request, head, text)
        line = self.signer.cosign(request.note.text, self._clock() // 1_000_000)
        self._disk.write(self._path(head.origin), [str(Note(request.note.text, (line,))).encode()])
        return line.line()

    def _require_signed(self, note: Note, head: Checkpoint) -> None:
        log = self.logs.get(head.origin)
        if log is None:
            raise Refusal(UNKNOWN, f"{head.origin}: not followed here\n")
        try:
            note.signed_by(log)
        except NoteError as fault:
            raise Refusal(FORBIDDEN, f"{fault}\n") from fault

    def _require_next(self, request: Request, head: Checkpoint, text: str) -> None:
        """The head goes on from the newest one that was signed here; evidence of anything else is kept."""
        seen = self.seen(head.origin)
        newest = Checkpoint(head.origin, 0, EMPTY) if seen is None else Checkpoint.parse(seen.text)
        if request.old != newest.size:
            raise Refusal(CONFLICT, f"{newest.size}\n", SIZE_TYPE)
        if head.size == newest.size and head.root != newest.root:
            self._keep(text)
            raise Refusal(CONFLICT, f"{newest.size}\n", SIZE_TYPE)
        if not request.holds(newest.root):
            self._keep(text)
            raise Refusal(UNPROVEN, f"not shown to have grown out of the {newest.size} entries seen before\n")

    def _keep(self, text: str) -> None:
        folder = self.folder / REFUSED
        path = folder / f"{sha256(text.encode()).hexdigest()}.txt"
        if not path.exists() and len(list(folder.iterdir())) < MOST_REFUSED:
            self._disk.write(path, [text.encode()])

    def _path(self, origin: str) -> Path:
        return self.folder / SEEN / f"{sha256(origin.encode()).hexdigest()}.txt"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One request at a time, of all threads and processes: a head is compared and replaced in one step."""
        with self._turn:
            opened = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX)
                yield
            finally:
                os.close(opened)


def public_key(folder: Path) -> Verifier:
    """The key that a witness of this machine signs with.

    Raises:
        RecordError: the folder is no witness's.
    """
    path = folder / PUBLIC
    if not path.is_file():
        raise RecordError(f"{folder}: no witness; make one with `goodstanding ledger witness init {folder}`")
    return Verifier.from_vkey(path.read_text(encoding="utf-8"))


def _name(folder: Path) -> str:
    return public_key(folder).name
