"""A run of scoring, as an entry of the ledger, and the same run done again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from secrets import token_bytes
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding import __version__
from goodstanding.errors import RecordError
from goodstanding.policy import Policy
from goodstanding.record.deriving import book_before
from goodstanding.record.home import Home
from goodstanding.record.ledger import Entry, Said
from goodstanding.record.ledger.entries.runs import ScoreRun
from goodstanding.record.runs.keeping import keep_policy, keep_result, kept_leaves, kept_policy, kept_result
from goodstanding.record.runs.results import Result
from goodstanding.record.segments.leaves import NONCE, Leaves
from goodstanding.scoring import Scores, score
from goodstanding.ties import Ties

SHORTEST: Final = 8
"""Characters of a root, at least, by which a run is called."""

OURS: Final = "runs"
"""Under this source runs stand in the ledger; the id is the number of the entry."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run was asked for, besides policy and moment.

    Attributes:
        people, ties: as given; the digests are those of the files that they were read from.
    """

    recorded_by: int | None = None
    people: list[str] | None = None
    people_digest: str | None = None
    ties: Ties | None = None
    ties_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What came of doing a run again.

    Attributes:
        changed: people whose kept score is not what the run came to: it was changed since.
        differing: people for whom the same record gives another score now.
        erased: how many were erased since; their leaves are taken from the tree that was kept.
        alike: how many came out as they were, bit for bit.
        code: the version of this program that did the run.
    """

    run: Entry
    changed: list[str]
    differing: list[str]
    erased: int
    alike: int
    code: str

    @property
    def holds(self) -> bool:
        """Whether nobody differs."""
        return not self.changed and not self.differing


def record_run(
    home: Home, policy: Policy, document: bytes, scores: Scores, size: int, asked: Asked, actor: str
) -> Entry:
    """Keep scores, and say in the ledger what they rest on.

    Args:
        document: of the policy.
        size: how many entries of the ledger the book went up to that they were made from.

    Raises:
        RecordError: the policy's document was changed meanwhile.
    """
    result = Result.of(scores, home.people.find(scores.people))
    nonce = token_bytes(NONCE)
    leaves = result.leaves(home.people.keys_of, nonce)
    root = leaves.root().hex()
    keep = keep_policy(home, policy, document, actor)
    keep_result(home, result, leaves, root)
    said = ScoreRun(
        size=size,
        policy=policy.digest,
        as_of=scores.as_of,
        recorded_by=asked.recorded_by,
        people_digest=asked.people_digest,
        ties_digest=asked.ties_digest,
        code=__version__,
        people=len(result),
        strangers=len(scores) - len(result),
        nonce=nonce.hex(),
        root=root,
    )
    with home.store.writing() as connection:
        return home.ledger.append(connection, [*keep, Said(said, OURS, root, actor)])[-1]


def runs(home: Home) -> Iterator[Entry]:
    """All runs, in order."""
    return home.ledger.entries(kind=ScoreRun.KIND)


def find_run(home: Home, name: str) -> Entry:
    """The run of an entry's number, or of the beginning of its root; `last` is the last one.

    Raises:
        RecordError: there is none, or there are several.
    """
    found = [one for one in runs(home) if name in {"last", str(one.seq)} or _begins(one, name)]
    if name == "last":
        found = found[-1:]
    if len(found) != 1:
        many = "no run" if not found else f"{len(found)} runs"
        if name == "last":
            raise RecordError(f"{home.folder}: no run is on record; `goodstanding score --home` puts one there")
        raise RecordError(f"{home.folder}: {many} {name}; `goodstanding runs list` shows them, by number and by root")
    return found[0]


def _begins(run: Entry, name: str) -> bool:
    return len(name) >= SHORTEST and run.read(ScoreRun).root.startswith(name)


def recompute(home: Home, run: Entry, asked: Asked) -> Recomputed:
    """Do a run again, as it was known then, and hold everybody's score against it.

    Args:
        asked: people and ties, where the run had them: the home keeps only the digests of their files.

    Raises:
        RecordError: they are not given, or are others. TamperError: leaves or policy are not as they were kept.
    """
    said = run.read(ScoreRun)
    _require_same(said, asked)
    leaves = kept_leaves(home, said.root)
    policy = kept_policy(home, said.policy)
    again = Result.of(*_scored_again(home, said, policy, asked))
    kept = kept_result(home, said.root)
    keys = home.people.keys_of(leaves.slots)
    here = leaves.slots[keys.any(axis=1)]
    changed = _not_of(kept, leaves, here, home, said)
    differing = _not_of(again, leaves, here, home, said)
    return Recomputed(
        run=run,
        changed=_names(home, changed),
        differing=_names(home, differing),
        erased=leaves.slots.size - here.size,
        alike=here.size - differing.size,
        code=said.code,
    )


def _require_same(said: ScoreRun, asked: Asked) -> None:
    given = (("people", said.people_digest, asked.people_digest), ("ties", said.ties_digest, asked.ties_digest))
    for name, then, now in given:
        if then != now:
            expected = f"the file whose SHA-256 is {then}" if then else "none: the run had none"
            raise RecordError(f"--{name}: {'another file' if now else 'not given'}; expected {expected}")


def _scored_again(home: Home, said: ScoreRun, policy: Policy, asked: Asked) -> tuple[Scores, NDArray[np.int64]]:
    last = home.ledger.entry(said.size - 1)
    book = book_before(home, said.size, last.recorded)
    recorded_by = last.recorded if said.recorded_by is None else min(said.recorded_by, last.recorded)
    people: pa.Array | list[str] | None = asked.people
    if people is None:  # somebody of whom events came only later was not scored
        slots = kept_leaves(home, said.root).slots
        people = home.people.ids(slots[home.people.keys_of(slots).any(axis=1)])
    scores = score(policy, book, as_of=said.as_of, recorded_by=recorded_by, people=people, ties=asked.ties)
    return scores, home.people.find(scores.people)


def _not_of(result: Result, leaves: Leaves, here: NDArray[np.uint32], home: Home, said: ScoreRun) -> NDArray[np.uint32]:
    """Slots of people, of those who are not erased, whose leaf is not the one that was kept."""
    found = result.leaves(home.people.keys_of, bytes.fromhex(said.nonce))
    common, at, there = np.intersect1d(leaves.slots, found.slots, assume_unique=True, return_indices=True)
    alike = (leaves.hashes[at] == found.hashes[there]).all(axis=1)
    return np.setdiff1d(np.union1d(here, found.slots), common[alike])


def _names(home: Home, slots: NDArray[np.uint32]) -> list[str]:
    names: list[str] = home.people.ids(slots).to_pylist()
    return names
