"""The auditor's script believes nobody: an honest export passes, and each way to alter one is told, by its place.

It is run as an auditor runs it: by Python alone, isolated from this environment and its packages.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from goodstanding.record import merkle
from goodstanding.record.clock import SetClock
from goodstanding.record.ledger.heads import Heads
from goodstanding.record.notes import Checkpoint, Note, Signer
from goodstanding.record.store import create_store
from tests.record.ledger.saying import add, ledger_of, said
from tests.record.notes import published

LOG = Signer("goodstanding/live/town", bytes(range(32)))
WITNESSES = [Signer(f"witness.example/w{at}", bytes([at] * 32)) for at in (1, 2, 3)]
KEYS = [one.witness.vkey for one in WITNESSES]
Row = dict[str, Any]


@dataclass(frozen=True)
class Audit:
    """An export of thirteen entries, heads of five and of all, and the script."""

    script: Path
    folder: Path

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and what was said."""
        command = [sys.executable, "-I", "-S", str(self.script), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, env={})
        return done.returncode, done.stdout + done.stderr

    def of(self, rows: list[Row] | list[str], *more: str) -> tuple[int, str]:
        """The same of other rows."""
        lines = [
            row if isinstance(row, str) else orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode() for row in rows
        ]
        (self.folder / "altered.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return self.run("altered.jsonl", LOG.verifier.vkey, *(more or ("new.head", "old.head")))

    def rows(self) -> list[Row]:
        """The rows of the export."""
        return [
            json.loads(line) for line in (self.folder / "ledger.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
        ]


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Audit:
    folder = tmp_path_factory.mktemp("audit")
    store = create_store(folder / "record.db", {"world": "live"})
    heads = Heads(ledger_of(store, SetClock(1_767_225_600_000_000)), LOG)
    for many, name in ((5, "old.head"), (8, "new.head")):
        size = heads.ledger.head().size
        add(heads.ledger, *(said(f'批 {size + at} "\\\u2028é', rows=at) for at in range(many)))
        note = heads.sign()
        for one in WITNESSES[:2]:
            note = heads.add(note, one.witness, one.cosign(note.text, 1_767_225_600))
        (folder / name).write_text(str(note), encoding="utf-8")
    lines = [orjson.dumps(one.to_json(), option=orjson.OPT_SORT_KEYS).decode() for one in heads.ledger.entries()]
    (folder / "ledger.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    store.close()
    return Audit(root / "docs" / "verify.py", folder)


def chained(rows: list[Row], first: int) -> list[Row]:
    """The rows with leaves and chain worked out anew from one on: what whoever alters an entry would do next."""
    chain = bytes.fromhex(rows[first - 1]["chain"]) if first else bytes(32)
    for row in rows[first:]:
        leaf = merkle.leaf_hash(orjson.dumps(row["entry"], option=orjson.OPT_SORT_KEYS))
        chain = sha256(chain + leaf).digest()
        row["leaf"], row["chain"] = leaf.hex(), chain.hex()
    return rows


def test_an_honest_export_passes_and_says_who_signed(audit: Audit) -> None:
    code, words = audit.run("ledger.jsonl", LOG.verifier.vkey, "old.head", "new.head", *KEYS)
    assert code == 0, words
    assert words.splitlines() == [
        "old.head: 5 entries, signed by goodstanding/live/town and by 2 of 3 witnesses",
        "new.head: 13 entries, signed by goodstanding/live/town and by 2 of 3 witnesses",
        "13 entries, each as it was written and signed for",
    ]


def test_an_empty_ledger_passes_with_its_head(audit: Audit) -> None:
    empty = LOG.sign(Checkpoint(LOG.name, 0, merkle.EMPTY).text())
    (audit.folder / "empty.head").write_text(str(empty), encoding="utf-8")
    code, words = audit.of([], "empty.head")
    assert (code, words.splitlines()[-1]) == (0, "0 entries, each as it was written and signed for")


def put(*path: str, value: Any) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        for name in path[:-1]:
            row = row[name]
        row[path[-1]] = value

    return change


CHANGES = {
    "a body": put("entry", "body", "rows", value=99),
    "a body's new field": put("entry", "body", "more", value=1),
    "an actor": put("entry", "actor", value="somebody"),
    "an id": put("entry", "id", value="x"),
    "a source": put("entry", "source", value="x"),
    "a kind": put("entry", "kind", value="score.run"),
    "a time": put("entry", "time", value=1),
    "a moment": put("entry", "recorded", value=1),
    "a leaf": put("leaf", value="00" * 32),
    "a chain": put("chain", value="00" * 32),
    "a number": put("entry", "seq", value=8),
    "a field beside the entry": put("note", value="trust me"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_altered_entry_is_named(audit: Audit, change: str) -> None:
    rows = audit.rows()
    CHANGES[change](rows[7])
    code, words = audit.of(rows)
    assert code == 1
    assert "NOT AS WRITTEN: entry 7" in words


@pytest.mark.parametrize("first", [0, 4, 5, 12])
def test_an_entry_altered_with_all_hashes_after_it_is_told_by_the_heads(audit: Audit, first: int) -> None:
    rows = audit.rows()
    rows[first]["entry"]["body"]["rows"] = 99
    code, words = audit.of(chained(rows, first))
    assert code == 1
    head = "old.head: the first 5" if first < 5 else "new.head: the first 13"
    assert f"NOT AS WRITTEN: {head} entries are not those it was signed for" in words


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        (slice(0, 12), "new.head: signed for 13 entries, and there are 12: some were cut off"),
        (slice(1, 13), "entry 0 is missing"),
        (slice(0, 13, 2), "entry 1 is missing"),
        (slice(None, None, -1), "entry 0 is missing, or out of its place"),
        (slice(0, 0), "there are 0: some were cut off"),
    ],
)
def test_entries_that_are_missing_or_out_of_place_are_told(audit: Audit, cut: slice, words: str) -> None:
    code, told = audit.of(audit.rows()[cut])
    assert code == 1
    assert words in told


@pytest.mark.parametrize(
    "line",
    [
        lambda line: line.replace('"actor":', '"actor":"hidden","actor":'),  # twice: readers see one, or the other
        lambda line: line.replace('"rows":', '"rows": '),
        lambda line: line.replace('"rows":2', '"rows":2.0'),
        lambda line: line.replace("批", "\\u6279"),
        lambda line: line[:-1],
        lambda line: line[:0],
        lambda line: f"[{line}]",
    ],
    ids=range(7),
)
def test_a_line_in_another_form_is_told(audit: Audit, line: Callable[[str], str]) -> None:
    lines = (audit.folder / "ledger.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert line(lines[7]) != lines[7]
    code, words = audit.of([*lines[:7], line(lines[7]), *lines[8:]])
    assert code == 1
    assert "NOT AS WRITTEN: " in words


def test_entries_after_the_newest_head_are_taken_as_they_are(audit: Audit) -> None:
    """Nobody signed for them yet: an older head says nothing of what came later."""
    rows = audit.rows()
    rows[9]["entry"]["actor"] = "somebody"
    assert audit.of(chained(rows, 9), "old.head")[0] == 0
    assert audit.of(chained(rows, 9), "new.head")[0] == 1


def head(audit: Audit, note: Note | str) -> tuple[int, str]:
    (audit.folder / "forged.head").write_text(str(note), encoding="utf-8")
    return audit.run("ledger.jsonl", LOG.verifier.vkey, "forged.head", *KEYS)


def test_a_forged_head_is_told(audit: Audit) -> None:
    note = Note.parse((audit.folder / "new.head").read_text(encoding="utf-8"))
    other = note.text.replace("\n13\n", "\n12\n")
    stranger = Signer(LOG.name, bytes(32))
    twisted = bytes([note.signatures[1].signed[7] ^ 1])
    line = note.signatures[1]
    retimed = type(line)(line.name, line.key_id, line.signed[:7] + twisted + line.signed[8:])
    assert head(audit, note)[0] == 0
    assert "goodstanding/live/town did not sign it" in head(audit, Note(other, note.signatures))[1]
    assert "not signed by goodstanding/live/town" in head(audit, stranger.sign(note.text))[1]
    assert "not signed by goodstanding/live/town" in head(audit, Note(note.text, note.signatures[1:]))[1]
    assert "not signed by" in head(audit, LOG.sign(note.text.replace(LOG.name, "another/log")))[1]
    assert "witness.example/w1 did not sign it" in head(audit, Note(note.text, (note.signatures[0], retimed)))[1]
    assert "NOT AS WRITTEN" in head(audit, "")[1]


def test_the_script_reads_a_head_of_a_public_log_as_its_witnesses_signed_it(audit: Audit) -> None:
    (audit.folder / "public.head").write_text(published.HEAD, encoding="utf-8")
    code, words = audit.run("ledger.jsonl", published.LOG, "public.head", *published.WITNESSES)
    assert code == 1  # it is no head of this ledger
    signed = (
        "public.head: 1432088532 entries, signed by arche2025h1.staging.ct.transparency.dev and by 4 of 4 witnesses"
    )
    assert words.startswith(signed)


def test_without_a_head_nothing_is_believed(audit: Audit) -> None:
    code, words = audit.run("ledger.jsonl", LOG.verifier.vkey)
    assert code == 1
    assert "no signed head was given" in words
    assert audit.run()[1].startswith("Check a ledger that Goodstanding exported")
    assert audit.run()[0] == 1
    assert audit.run("ledger.jsonl", LOG.verifier.vkey, "no-such.head")[0] == 1


def test_the_script_rests_on_the_standard_library_alone_and_stays_short(audit: Audit) -> None:
    source = audit.script.read_text(encoding="utf-8")
    imports = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imports == {"base64", "hashlib", "json", "sys", "pathlib"}
    ledger, curve = source.split("# --- Ledger and heads")[1].split("# --- Ed25519")
    lines = [sum(bool(line.strip()) for line in part.splitlines()[1:]) for part in (ledger, curve)]
    assert lines[0] <= 50
    assert lines[1] <= 35
