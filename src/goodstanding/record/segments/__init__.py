"""Segments: events in bulk, in files that never change but by erasure, each under a root in the ledger.

A segment is two files named by their root: `ROOT.parquet`, its rows by slot, time and id, and `ROOT.leaves`, a salted
hash a person. The root stands over the hashes, so it outlives the rows of whoever is erased.
"""

from goodstanding.record.segments.checking import Fault, check_segment
from goodstanding.record.segments.erasing import Remainder, remainder, without
from goodstanding.record.segments.form import MOST_ROWS, SCHEMA, Meta, Sealed
from goodstanding.record.segments.leaves import NONCE, Leaves, read_leaves
from goodstanding.record.segments.packing import pack_event, unpack
from goodstanding.record.segments.proving import Proof, prove_person
from goodstanding.record.segments.reading import meta_of, read_segment
from goodstanding.record.segments.rows import Rows
from goodstanding.record.segments.writing import LEAVES, PARQUET, files_of, path_of, write_segment

__all__ = [
    "LEAVES",
    "MOST_ROWS",
    "NONCE",
    "PARQUET",
    "SCHEMA",
    "Fault",
    "Leaves",
    "Meta",
    "Proof",
    "Remainder",
    "Rows",
    "Sealed",
    "check_segment",
    "files_of",
    "meta_of",
    "pack_event",
    "path_of",
    "prove_person",
    "read_leaves",
    "read_segment",
    "remainder",
    "unpack",
    "without",
    "write_segment",
]
