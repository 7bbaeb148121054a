"""Signed notes, checkpoints and cosignatures, as C2SP writes them: texts that anyone's tools can check.

A note is a text, an empty line, and a line for each signature: `— NAME base64(key id ‖ signature)`. A checkpoint is a
note of three lines: whose log, how many entries, which root. A witness's cosignature says besides when it saw that.

Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature (Ed25519 alone).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNED: Final = 1
"""The signature type of a log's own signature."""
COSIGNED: Final = 4
"""The signature type of a witness's cosignature with its time (version 1)."""
KEY_ID: Final = 4
KEY: Final = 32
ROOT: Final = 32
SIGNATURE: Final = 64
TIMED: Final = 8 + SIGNATURE
"""Bytes of what a signature line holds: the key's id, and a signature, before which a witness puts its time."""
MOST_SIGNATURES: Final = 100
"""A note with more is refused, before anything is computed."""
LINES: Final = 3
"""Of a checkpoint's text, at least."""
DASH: Final = "— "
CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
NAME: Final = re.compile(r"[^\s+]{1,255}")
COUNT: Final = re.compile(r"0|[1-9][0-9]{0,15}")


class NoteError(ValueError):
    """A text that is no note, no checkpoint or no key, or that nobody known has signed."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of a note: by whom, under which key, and what.

    Attributes:
        time: of a cosignature, in seconds since 1970; None for a log's own.
    """

    name: str
    key_id: bytes
    signed: bytes

    def line(self) -> str:
        """As it stands in a note, with its line end."""
        return f"{DASH}{self.name} {encoded(self.key_id + self.signed)}\n"

    @property
    def time(self) -> int | None:
        """When a witness signed, in seconds since 1970; None for a log's own signature."""
        return int.from_bytes(self.signed[:8], "big") if len(self.signed) == TIMED else None

    @classmethod
    def parse(cls, line: str) -> Signature:
        """A line of a note, without its line end.

        Raises:
            NoteError: it is none.
        """
        name, _, signed = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not NAME.fullmatch(name):
            raise NoteError(f"{line!r} is no line of a signature: — NAME BASE64")
        blob = decoded(signed)
        if len(blob) <= KEY_ID:
            raise NoteError(f"the signature of {name} is cut short")
        return cls(name, blob[:KEY_ID], blob[KEY_ID:])


@dataclass(frozen=True, slots=True)
class Note:
    """A text, with its last line end, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        """As it is handed on."""
        return f"{self.text}\n{''.join(one.line() for one in self.signatures)}"

    @classmethod
    def parse(cls, written: str) -> Note:
        """A note as it was handed on.

        Raises:
            NoteError: it is none.
        """
        text, found, lines = written.rpartition("\n\n")
        if not found or not lines.endswith("\n") or CONTROL.search(written):
            raise NoteError("no signed note: a text, an empty line, and lines of signatures were expected")
        signatures = lines[:-1].split("\n")
        if len(signatures) > MOST_SIGNATURES:
            raise NoteError(f"a note with {len(signatures)} signatures, and more than {MOST_SIGNATURES} are not read")
        return cls(text + "\n", tuple(map(Signature.parse, signatures)))

    def signed_by(self, key: Verifier) -> Signature:
        """The signature of a key, checked.

        Raises:
            NoteError: the key has not signed, or its signature does not hold.
        """
        signatures = [one for one in self.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
        if not signatures:
            raise NoteError(f"{key.name} has not signed this")
        if not all(key.holds(self.text, one) for one in signatures):
            raise NoteError(f"the signature of {key.name} does not hold for this text")
        return signatures[0]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Someone's public key, with the name and the type of signature that it is for."""

    name: str
    public: bytes
    kind: int = SIGNED
    key_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Work out the key's id.

        Raises:
            NoteError: no name of a key.
        """
        if not NAME.fullmatch(self.name):
            raise NoteError(f"{self.name!r} cannot be a key's name: it must have neither spaces nor +")
        name = self.name.encode() + b"\n" + bytes([self.kind])
        object.__setattr__(self, "key_id", sha256(name + self.public).digest()[:KEY_ID])

    @property
    def vkey(self) -> str:
        """The key as it is handed on: `NAME+ID+BASE64`."""
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    @classmethod
    def from_vkey(cls, vkey: str) -> Verifier:
        """A key as it was handed on.

        Raises:
            NoteError: it is none, or of a kind that is not read here.
        """
        name, _, rest = vkey.strip().partition("+")
        key_id, _, public = rest.partition("+")
        material = decoded(public)
        if len(material) != 1 + KEY or material[0] not in {SIGNED, COSIGNED}:
            raise NoteError(f"{vkey!r} is no verifier key of Ed25519: NAME+ID+BASE64")
        key = cls(name, material[1:], material[0])
        if key.key_id.hex() != key_id:
            raise NoteError(f"{vkey!r}: the id of this key is {key.key_id.hex()}; it was copied wrongly, or altered")
        return key

    def holds(self, text: str, signature: Signature) -> bool:
        """Whether a signature is this key's under this text."""
        signed = signature.signed
        if len(signed) != (TIMED if self.kind == COSIGNED else SIGNATURE):
            return False
        said = _cosigned(text, int.from_bytes(signed[:8], "big")) if self.kind == COSIGNED else text.encode()
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed[-SIGNATURE:], said)
        except InvalidSignature:
            return False
        return True


class Signer:
    """Someone's private key, and the name that it signs under.

    Args:
        seed: the 32 bytes that the key is made of.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes_raw()
        self.name = name
        self.verifier = Verifier(name, public)
        self.witness = Verifier(name, public, COSIGNED)

    @classmethod
    def generate(cls, name: str) -> Signer:
        """A new key, made of chance."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def seed(self) -> bytes:
        """What the key is made of: a secret."""
        return self._key.private_bytes_raw()

    def sign(self, text: str) -> Note:
        """A note with this text, signed.

        Raises:
            NoteError: the text cannot be a note's.
        """
        note = Note(text, (Signature(self.name, self.verifier.key_id, self._key.sign(text.encode())),))
        assert Note.parse(str(note)) == note
        return note

    def cosign(self, text: str, seconds: int) -> Signature:
        """A witness's signature under a checkpoint's text, with the time in seconds since 1970."""
        signed = seconds.to_bytes(8, "big") + self._key.sign(_cosigned(text, seconds))
        return Signature(self.name, self.witness.key_id, signed)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log stands for at one size: whose it is, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The text of a note that is a checkpoint; lines beyond the third are allowed, and not read.

        Raises:
            NoteError: it is none.
        """
        origin, size, top, *extensions, end = text.split("\n") if text.count("\n") > LINES - 1 else [""] * (LINES + 1)
        if end or not origin or not all(extensions) or not COUNT.fullmatch(size):
            raise NoteError("no checkpoint: a line each for the log, its size and its root were expected")
        root = decoded(top)
        if len(root) != ROOT:
            raise NoteError(f"no checkpoint: the root has {len(root)} bytes, and {ROOT} were expected")
        return cls(origin, int(size), root)


def witnessed(note: Note, witnesses: Iterable[Verifier]) -> list[Signature]:
    """The cosignatures of those witnesses that have signed a note; what others signed is not read.

    Raises:
        NoteError: one of them does not hold.
    """
    present = {(one.name, one.key_id) for one in note.signatures}
    return [note.signed_by(key) for key in witnesses if (key.name, key.key_id) in present]


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def encoded(data: bytes) -> str:
    """Bytes in base64."""
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """The bytes of a text in base64; what would not be written so again is refused: one signature has one form.

    Raises:
        NoteError: it is not base64, or nothing.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or encoded(data) != text:
        raise NoteError(f"{text!r} is not base64")
    return data
