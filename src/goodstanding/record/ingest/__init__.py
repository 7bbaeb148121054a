"""Events on their way into the record: batches from files, single events, quarantine, and who may send what.

A batch is all or nothing, and the same batch again is silence: events are known by their source and id, and one with
another content under a known id is an error that shows both. What is in doubt is held in quarantine until somebody
decides; what no live record may hold is refused at the door.
"""

from goodstanding.record.ingest.batches import ingest
from goodstanding.record.ingest.checks import WHY
from goodstanding.record.ingest.deciding import refuse, release
from goodstanding.record.ingest.quarantine import Held, waiting
from goodstanding.record.ingest.quarantine import listed as held
from goodstanding.record.ingest.queue import Queue
from goodstanding.record.ingest.report import Receipt, Report
from goodstanding.record.ingest.sealing import Moved, seal
from goodstanding.record.ingest.sources import Source, register
from goodstanding.record.ingest.sources import listed as sources
from goodstanding.record.ingest.taking import take, taken_leaf

__all__ = [
    "WHY",
    "Held",
    "Moved",
    "Queue",
    "Receipt",
    "Report",
    "Source",
    "held",
    "ingest",
    "refuse",
    "register",
    "release",
    "seal",
    "sources",
    "take",
    "taken_leaf",
    "waiting",
]
