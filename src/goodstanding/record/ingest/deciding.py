"""What becomes of events in quarantine: somebody decides, says why, and the ledger keeps both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Connection

from goodstanding.errors import InputError, RecordError
from goodstanding.record.home import Home
from goodstanding.record.ingest.columns import from_dictionaries
from goodstanding.record.ingest.committing import commit
from goodstanding.record.ingest.intake import intake_of
from goodstanding.record.ingest.quarantine import Decision, Held
from goodstanding.record.ingest.report import Receipt
from goodstanding.record.ingest.sources import OURS
from goodstanding.record.ingest.taking import Group, together
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.ingest import QuarantineDecided
from goodstanding.record.store import held as table

AT_ONCE: Final = 1_000
"""Events of one decision that one entry names; more are decided by several."""


def release(home: Home, events: Sequence[Held], *, why: str, actor: str) -> list[Receipt]:
    """Take events out of quarantine into the record, as of now.

    Args:
        events: some that wait (see `waiting`). why: the reason, which the ledger keeps.

    Raises:
        RecordError: no reason is given; or an event contradicts what came to be known under its id meanwhile. Those
            before it, by thousands, are released.
        StoreError: the store cannot be written.
    """
    _require_reason(why)
    intake = intake_of(home)
    receipts: list[Receipt] = []
    with intake.lock:
        for some in _by_thousands(events):
            group = Group(intake, actor, lifted=True)
            outcomes = group.judge(from_dictionaries([each.event or {} for each in some]))
            faults = [outcome for outcome in outcomes if isinstance(outcome, InputError)]
            if faults:
                raise together(faults)
            written = group.write([_said("released", some, why, actor)], _decide("released", some))
            receipts += [outcome for outcome in written if isinstance(outcome, Receipt)]
    return receipts


def refuse(home: Home, events: Sequence[Held], *, why: str, actor: str) -> None:
    """Throw events in quarantine away; that they were there, by name, stays.

    Raises:
        RecordError: no reason is given. StoreError: the store cannot be written.
    """
    _require_reason(why)
    with intake_of(home).lock:
        for some in _by_thousands(events):
            said, decide = _said("refused", some, why, actor), _decide("refused", some)
            commit(home, lambda _c, said=said: [said], lambda c, entries, decide=decide: decide(c, entries[0].recorded))  # type: ignore[misc]


def _require_reason(why: str) -> None:
    if not why.strip():
        raise RecordError("no reason is given; say why, the ledger keeps it beside the decision")


def _by_thousands(events: Sequence[Held]) -> list[Sequence[Held]]:
    return [events[at : at + AT_ONCE] for at in range(0, len(events), AT_ONCE)]


def _said(decision: Decision, some: Sequence[Held], why: str, actor: str) -> Said:
    body = QuarantineDecided(decision, why, len(some), [each.name for each in some])
    return Said(body, OURS, f"quarantine/{some[0].name}", actor)


def _decide(decision: Decision, some: Sequence[Held]) -> Callable[[Connection, int], None]:
    """Note the decision, and let what the events say go."""

    def write(connection: Connection, recorded: int) -> None:
        for each in some:
            values = {"state": decision, "event": None, "decided": recorded}
            gone = connection.execute(
                table.update().where(table.c.id == each.name, table.c.state == "held").values(values)
            )
            if gone.rowcount != 1:
                raise RecordError(f"{each.name} in quarantine: somebody else decided it meanwhile; nothing was changed")

    return write
