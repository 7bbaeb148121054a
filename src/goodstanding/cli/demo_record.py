"""The last part of the demo: the town's events on record, a head that three witnesses sign, and one bit that flips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goodstanding.cli.clock import system_clock
from goodstanding.errors import how_many

if TYPE_CHECKING:
    from goodstanding.record.home import Home
    from goodstanding.record.ledger.trust import Trust

HOME: Final = "home"
WITNESSES: Final = ("court", "press", "office")
QUORUM: Final = 2
OURS: Final = {HOME, *(f"witness-{name}" for name in WITNESSES)}
"""What this part leaves in the demo's folder."""

ACTOR: Final = "demo"
WHERE: Final = 3
"""Of a segment's bytes the one at a third is damaged, for a while."""


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What became of the town's events.

    Attributes:
        damaged: in words what the verifier says of one damaged bit.
    """

    events: int
    sources: int
    segments: int
    entries: int
    cosignatures: int
    holds: bool
    damaged: str

    def lines(self) -> Iterator[str]:
        """In words."""
        text = "7  The town on record: nothing lost, nothing altered unseen"
        yield f"\n{text}\n{'─' * len(text)}"
        sources, segments = how_many(self.sources, "source", "sources"), how_many(self.segments, "segment", "segments")
        yield f"{self.events:,} events of {sources} lie in {segments}, under a ledger of {self.entries:,} entries"
        yield f"Its head is signed by the home and by {self.cosignatures} witnesses; {QUORUM} of {len(WITNESSES)} must"
        yield f"Verified: {'all is as it was written' if self.holds else 'not all is as it was written'}"
        yield f"One bit of a segment is flipped. Verified again: {self.damaged}\nThe bit is flipped back."


def put_on_record(town: Path, out: Path) -> OnRecord:
    """Put a town's events into a home, have its head witnessed, and see whether one damaged bit is found."""
    from goodstanding.record.auditing import audit
    from goodstanding.record.home import Home

    with Home.create(out / HOME, world="synthetic", clock=system_clock, actor=ACTOR) as home:
        reports = [_ingested(home, file, source) for source, file in _by_source(town / "events.parquet", out)]
        trust = _witnessed(home, out)
        entries = home.ledger.head().size
    before = audit(out / HOME, clock=system_clock, trust=trust)
    return OnRecord(
        events=sum(new for new, _ in reports),
        sources=len(reports),
        segments=sum(segments for _, segments in reports),
        entries=entries,
        cosignatures=before.cosignatures,
        holds=before.ok,
        damaged=_damaged(out / HOME, trust),
    )


def _by_source(file: Path, out: Path) -> Iterator[tuple[str, Path]]:
    """The events of each source in a file of its own, as sources send them: when they are recorded, the home says."""
    import pyarrow.compute as pc
    from pyarrow import parquet

    table = parquet.read_table(file).drop_columns("recorded")
    for source in sorted(pc.unique(table.column("source")).to_pylist()):
        part = out / f"{source}.parquet"
        parquet.write_table(table.filter(pc.equal(table.column("source"), source)), part)
        yield source, part
        part.unlink()


def _ingested(home: Home, file: Path, source: str) -> tuple[int, int]:
    from goodstanding.record.ingest import ingest, register

    register(home, source, types=["*"], sensitivity="special", actor=ACTOR)
    report = ingest(home, [file], source=source, actor=ACTOR)
    return report.new, len(report.segments)


def _witnessed(home: Home, out: Path) -> Trust:
    """Make three witnesses, and have the head signed by them."""
    from goodstanding.record.disk import RealDisk
    from goodstanding.record.ledger.asking import ask_all
    from goodstanding.record.ledger.heads import Heads
    from goodstanding.record.ledger.trust import FILE, Trust, Witness
    from goodstanding.record.ledger.witness import WitnessDesk, public_key

    heads, witnesses = Heads(home.ledger, home.signer), []
    for name in WITNESSES:
        folder = (out / f"witness-{name}").absolute()
        WitnessDesk.create(folder, f"witness.example/{name}", clock=system_clock, disk=RealDisk()).follow(heads.log)
        witnesses.append(Witness(name, public_key(folder), str(folder)))
    trust = Trust.of(heads.log, witnesses, QUORUM)
    home.disk.write(home.folder / FILE, [str(trust).encode()])
    ask_all(heads, heads.sign(), witnesses, clock=system_clock, disk=RealDisk())
    return trust


def _damaged(folder: Path, trust: Trust) -> str:
    """What is said of the largest segment while one of its bits is another."""
    from goodstanding.record.auditing import audit

    segment = max((folder / "segments").glob("*.parquet"), key=lambda path: path.stat().st_size)
    written = segment.read_bytes()
    at = len(written) // WHERE
    segment.write_bytes(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
    try:
        verdict = audit(folder, clock=system_clock, trust=trust)
    finally:
        segment.write_bytes(written)
    if verdict.ok:
        return "nothing is found"
    fault = verdict.faults[0]
    place = fault.found.rpartition(".parquet: ")[2].partition(",")[0]
    return f"the segment of entry {fault.seq}, {place}"
