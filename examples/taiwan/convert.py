"""Turn the UCI set “Default of Credit Card Clients” into events and outcomes.

    python convert.py UCI_Credit_Card.csv [FOLDER]

One row of the source is one client of a bank in Taiwan: a credit limit, a degree, and for each month from April to
September 2005 a statement, what was paid, and how many months late the client was. Here each becomes an event:

    card.limit       amount: the credit granted, in whole New Taiwan dollars
    card.statement   amount: the month's statement, same unit; below 0 where the bank owed the client
    card.payment     amount: what was paid in the month; a month without payment has no such event
    card.status      value: months late, 0 where not late; label: what the source said (see `STATUS`)
    degree.held      label: the degree; no event where the source holds an undocumented code

Sex, age and marriage are left out. The source names months and no days: a month's events stand at 00:00 UTC of its last
day. The limit and the degree bear no date at all: they stand on 1 April 2005, before everything else.

Writes `events.parquet`, one row per event, declared as of a live world, and `outcomes-development.parquet` and
`outcomes-evaluation.parquet`, one row per client: `person`, `outcome` (1: the client defaulted in October 2005). Points
are chosen on the first half only, and the second half is kept to see how well they foretell; which client is in which
half is settled by `half`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

SOURCE = "bank"
SHA256_EXPECTED = "a0f0ab49d6326671d6cd83be5c88dcf18007025fe9a53ecd699119c871176ca1"

MONTH_ENDS = {9: 30, 8: 31, 7: 31, 6: 30, 5: 31, 4: 30}  # from September back to April, as the source's columns go
STATUS_COLUMNS = ("PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6")  # there is no PAY_1
DEGREES = {1: "graduate_school", 2: "university", 3: "high_school", 4: "other"}  # 0, 5 and 6 are undocumented

# The source documents -1 and the codes above 0 only. What is commonly read into -2 (no purchases) and 0 (the least
# amount was paid) is nobody's word but the readers'; so they stay codes.
STATUS = {-1: "paid_duly", 0: "undocumented_0", -2: "undocumented_-2"}

TIME = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("person", pa.string(), nullable=False),
        pa.field("time", TIME, nullable=False),
        pa.field("amount", pa.int64()),
        pa.field("value", pa.int64()),
        pa.field("label", pa.string()),
    ],
    metadata={"goodstanding.world": "live"},
)


class Client(NamedTuple):
    """One row of the source: what is read of it."""

    number: int
    limit: int
    education: int
    statuses: tuple[int, ...]  # from September back to April, as are the next two
    statements: tuple[int, ...]
    payments: tuple[int, ...]
    defaulted: bool

    @property
    def person(self) -> str:
        """The id that events and outcomes use."""
        return f"taiwan-{self.number:05d}"


class Event(NamedTuple):
    """One row of `events.parquet`, in the order of `SCHEMA`."""

    id: str
    source: str
    type: str
    person: str
    time: datetime
    amount: int | None = None
    value: int | None = None
    label: str | None = None


def half(person: str) -> str:
    """`development` if the first byte of the SHA-256 of the person's id (as UTF-8) is even, else `evaluation`."""
    return "evaluation" if hashlib.sha256(person.encode()).digest()[0] % 2 else "development"


def clients_of(path: Path) -> Iterator[Client]:
    """The clients in the order of the file; sex, age and marriage are not even read."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Client(
                number=int(row["ID"]),
                limit=whole(row["LIMIT_BAL"]),
                education=int(row["EDUCATION"]),
                statuses=tuple(int(row[column]) for column in STATUS_COLUMNS),
                statements=tuple(whole(row[f"BILL_AMT{month}"]) for month in range(1, 7)),
                payments=tuple(whole(row[f"PAY_AMT{month}"]) for month in range(1, 7)),
                defaulted=row["default.payment.next.month"] == "1",
            )


def whole(text: str) -> int:
    """A whole number, which some copies of the source write as `20000.0`.

    Raises:
        ValueError: it has a fraction.
    """
    number = float(text)
    if not number.is_integer():
        raise ValueError(f"found {text}, expected whole New Taiwan dollars")
    return int(number)


def events_of(client: Client) -> list[Event]:
    """All events of one client, in the order of time."""
    first = datetime(2005, 4, 1, tzinfo=UTC)
    key, person = f"{client.number:05d}", client.person
    events = [Event(f"{key}-limit", SOURCE, "card.limit", person, first, amount=client.limit)]
    if client.education in DEGREES:
        events.append(Event(f"{key}-degree", SOURCE, "degree.held", person, first, label=DEGREES[client.education]))
    months = list(zip(MONTH_ENDS.items(), client.statuses, client.statements, client.payments, strict=True))
    for (month, day), status, statement, payment in reversed(months):
        time, of_month = datetime(2005, month, day, tzinfo=UTC), f"{key}-2005-{month:02d}"
        if payment:
            events.append(Event(f"{of_month}-payment", SOURCE, "card.payment", person, time, amount=payment))
        events.append(Event(f"{of_month}-statement", SOURCE, "card.statement", person, time, amount=statement))
        label = STATUS.get(status, "late")
        events.append(Event(f"{of_month}-status", SOURCE, "card.status", person, time, None, max(0, status), label))
    return events


def write_events(clients: list[Client], path: Path) -> int:
    """Write all events, by person and time; the number of rows."""
    rows = [event for client in clients for event in events_of(client)]
    columns = [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)]
    # Ids are all different, and each begins like the one before: stored as differences they take a third.
    pq.write_table(
        pa.table(columns, schema=SCHEMA),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=["source", "type", "person", "time", "amount", "value", "label"],
        column_encoding={"id": "DELTA_BYTE_ARRAY"},
    )
    return len(rows)


def write_outcomes(clients: list[Client], folder: Path) -> dict[str, int]:
    """Write the two halves' outcomes; how many clients each holds."""
    sizes = {}
    for name in ("development", "evaluation"):
        chosen = [client for client in clients if half(client.person) == name]
        table = pa.table(
            {
                "person": pa.array([client.person for client in chosen], pa.string()),
                "outcome": pa.array([int(client.defaulted) for client in chosen], pa.int8()),
            }
        )
        pq.write_table(table, folder / f"outcomes-{name}.parquet", compression="zstd", store_schema=False)
        sizes[name] = len(chosen)
    return sizes


def main(arguments: list[str] | None = None) -> int:
    """Convert one file; warn where it is not the one that the project's figures rest on."""
    parser = argparse.ArgumentParser(description="Turn UCI_Credit_Card.csv into events and outcomes.")
    parser.add_argument("csv", type=Path, help="UCI_Credit_Card.csv, 30,000 rows")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent, help="where to write")
    given = parser.parse_args(arguments)
    if hashlib.sha256(given.csv.read_bytes()).hexdigest() != SHA256_EXPECTED:
        print(f"{given.csv}: not the file that the published figures rest on (its SHA-256 differs)", file=sys.stderr)
    clients = list(clients_of(given.csv))
    given.folder.mkdir(parents=True, exist_ok=True)
    events = write_events(clients, given.folder / "events.parquet")
    sizes = write_outcomes(clients, given.folder)
    shares = ", ".join(f"{size:,} for {name}" for name, size in sizes.items())
    print(f"{len(clients):,} clients, {events:,} events; {shares}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
