"""Scoring from a home, with the run put on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodstanding.cli.homes import derived, opened, whoever
from goodstanding.cli.inputs import DeclaredWorld, Record, record_of

if TYPE_CHECKING:
    from goodstanding.policy import Policy
    from goodstanding.record.runs import Asked
    from goodstanding.scoring import Scores
    from goodstanding.ties import Ties


@dataclass(frozen=True, slots=True)
class Given:
    """What a run was asked for."""

    policy: Policy
    as_of: int
    recorded_by: int | None
    people: Path | None
    ties: Path | None
    threads: int | None

    def score(self, record: Record) -> Scores:
        """Everybody's score."""
        from goodstanding.scoring import score

        return score(
            self.policy,
            record.book,
            as_of=self.as_of,
            recorded_by=self.recorded_by,
            people=record.people,
            ties=record.ties,
            threads=self.threads,
        )


def score_home(home: Path, policy: str, given: Given, world: DeclaredWorld) -> tuple[Record, Scores, dict[str, Any]]:
    """Score everybody in a home, and put the run on record: its entry, and its root."""
    from goodstanding.record.ledger.entries.runs import ScoreRun
    from goodstanding.record.runs import record_run

    with opened(home, read_only=False) as there:
        book, cover = derived(there)
        record = record_of(book, f"the home {home}", world=world, people=given.people, ties=given.ties)
        scores = given.score(record)
        asked = asked_of(record.people, record.ties, given.recorded_by, given.people, given.ties)
        entry = record_run(there, given.policy, document_of(policy), scores, cover.size, asked, whoever())
    return record, scores, {"entry": entry.seq, "root": entry.read(ScoreRun).root}


def asked_of(
    people: Sequence[str] | None,
    ties: Ties | None,
    recorded_by: int | None,
    people_file: Path | None,
    ties_file: Path | None,
) -> Asked:
    """What a run depends on, and the digests of the files it came from."""
    from goodstanding.record.runs import Asked

    names = None if people is None else list(people)
    return Asked(recorded_by, names, _digest(people_file), ties, _digest(ties_file))


def document_of(policy: str) -> bytes:
    """The document of a policy, given by its file or by the name of a shipped one."""
    from goodstanding.policy import shipped

    path = Path(policy)
    return path.read_bytes() if path.is_file() else shipped()[policy].read_bytes()


def _digest(path: Path | None) -> str | None:
    return None if path is None else sha256(path.read_bytes()).hexdigest()
