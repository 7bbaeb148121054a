"""Turn the Berka files (a Czech bank, 1993-1998; PKDD'99 Discovery Challenge) into events and the outcomes of loans.

    python convert.py FOLDER OUT

FOLDER holds `account`, `disp`, `loan`, `order` and `trans` as Parquet, with the original names of columns; it is not
shipped. The person is the owner of the account. OUT gets `events.parquet`, one row per event, declared as of a live
world, and `loans.parquet`, one row per loan: `person`, `loan`, `asked` (the day before it was granted), `outcome` (1:
not paid, or in debt: status B or D) and `split` (granted_1993_1996 or granted_1997_1998).

    account.opened       the day the account was opened
    income.*             money in, amount in hellers: cash, transfer (wages among them: the bank does not mark wages),
                         pension, interest
    expense.*            money out: cash, card, transfer, household, insurance, loan, fee, penalty_interest
    account.balance      amount: the balance at the end of a day on which money moved
    account.overdrawn    beside it, where that balance is below zero
    loan.asked           amount: the instalment a month; value: how many months
    loan.granted         the same, on the day that it was granted
    order.standing       a standing order, label: its purpose

What the files do not say, and what is made of it:

*   Days have no hours: an event stands at 00:00 UTC of its day.
*   The order of transactions within a day is not recorded, and the balances printed beside them cannot be chained. So
    the balance is the sum of all that came and went since the account was opened, taken at the end of each day.
*   When a loan was asked for is not recorded. Here it is the day before the loan was granted: its amount and its months
    must have been known then, and a score of that day may read them. `loan.granted` it may not, and does not.
*   Standing orders bear no date, and payments of the granted loan are among them: read at the time of the loan, they
    would give away that it was granted. So they stand on the day of the last state of the bank, 31 December 1998, when
    every loan had been granted, and no score of a loan reads them.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

SOURCE = "bank"
LAST_STATE = datetime(1998, 12, 31, tzinfo=UTC)
FIRST_OF_TEST = datetime(1997, 1, 1, tzinfo=UTC)
BAD = ("B", "D")  # finished and not paid; running and in debt

# What the bank's symbol says money was for; where it says nothing, how the money moved.
BY_SYMBOL = {
    "DUCHOD": "income.pension",
    "UROK": "income.interest",
    "SIPO": "expense.household",
    "POJISTNE": "expense.insurance",
    "UVER": "expense.loan",
    "SLUZBY": "expense.fee",
    "SANKC. UROK": "expense.penalty_interest",
}
BY_OPERATION = {
    "VKLAD": "income.cash",
    "PREVOD Z UCTU": "income.transfer",
    "VYBER": "expense.cash",
    "VYBER KARTOU": "expense.card",
    "PREVOD NA UCET": "expense.transfer",
}
ORDER_LABELS = {"POJISTNE": "insurance", "SIPO": "household", "LEASING": "leasing", "UVER": "loan"}

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("person", pa.string(), nullable=False),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("amount", pa.int64()),
        pa.field("value", pa.int64()),
        pa.field("label", pa.string()),
        pa.field("matter", pa.string()),
    ],
    metadata={"goodstanding.world": "live"},
)

Row = Mapping[str, Any]


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
    matter: str | None = None


class Movement(NamedTuple):
    """A transaction: money that came (amount above 0) or went."""

    number: int
    time: datetime
    type: str
    amount: int


def day_of(number: int) -> datetime:
    """The day that the files write as YYMMDD; all lie in the 1900s."""
    return datetime(1900 + number // 10_000, number // 100 % 100, number % 100, tzinfo=UTC)


def hellers(crowns: float) -> int:
    """The files hold crowns with at most two places, as floating point."""
    return round(crowns * 100)


def type_of(row: Row) -> str:
    """What a transaction is called here.

    Raises:
        ValueError: the row has a symbol and an operation that the guide to the data does not describe.
    """
    symbol, operation = (row["k_symbol"] or "").strip(), (row["operation"] or "").strip()
    found = BY_SYMBOL.get(symbol) or BY_OPERATION.get(operation)
    if found is None:
        raise ValueError(f"transaction {row['trans_id']}: found k_symbol {symbol!r} and operation {operation!r}")
    return found


def movements_by_account(rows: Iterable[Row]) -> dict[int, list[Movement]]:
    """Each account's transactions by day."""
    found: dict[int, list[Movement]] = defaultdict(list)
    for row in rows:
        sign = 1 if row["type"] == "PRIJEM" else -1  # VYDAJ and, by a quirk of the original, VYBER both mean out
        movement = Movement(row["trans_id"], day_of(row["date"]), type_of(row), sign * hellers(row["amount"]))
        found[row["account_id"]].append(movement)
    return {account: sorted(movements, key=lambda movement: movement.time) for account, movements in found.items()}


def account_events(account: int, person: str, movements: list[Movement]) -> Iterator[Event]:
    """Money in and out, the balance at each day's end, and where it is below zero."""
    matter = f"account-{account}"
    for movement in movements:
        identity = f"trans-{movement.number}"
        yield Event(identity, SOURCE, movement.type, person, movement.time, abs(movement.amount), matter=matter)
    balances = accumulate(movement.amount for movement in movements)
    at_day_end = {movement.time: balance for movement, balance in zip(movements, balances, strict=True)}
    for time, balance in at_day_end.items():
        identity = f"balance-{account}-{time:%y%m%d}"
        yield Event(identity, SOURCE, "account.balance", person, time, balance, matter=matter)
        if balance < 0:
            yield Event(f"{identity}-overdrawn", SOURCE, "account.overdrawn", person, time, balance, matter=matter)


def loan_events(loan: Row, person: str) -> Iterator[Event]:
    """A loan is asked for on one day and granted on the next."""
    granted, matter = day_of(loan["date"]), f"loan-{loan['loan_id']}"
    for step, time in (("asked", granted - timedelta(days=1)), ("granted", granted)):
        amount, months = hellers(loan["payments"]), loan["duration"]
        yield Event(f"{matter}-{step}", SOURCE, f"loan.{step}", person, time, amount, months, matter=matter)


def order_event(order: Row, person: str) -> Event:
    """A standing order, on the only day of which we know that it stood."""
    label = ORDER_LABELS.get(order["k_symbol"].strip(), "not_stated")
    identity, amount = f"order-{order['order_id']}", hellers(order["amount"])
    return Event(identity, SOURCE, "order.standing", person, LAST_STATE, amount, label=label)


def events_of(folder: Path, owners: Mapping[int, str]) -> Iterator[Event]:
    """Every event of every account."""
    for account in rows_of(folder, "account"):
        number = account["account_id"]
        yield Event(f"account-{number}", SOURCE, "account.opened", owners[number], day_of(account["date"]))
    for number, movements in movements_by_account(rows_of(folder, "trans")).items():
        yield from account_events(number, owners[number], movements)
    for loan in rows_of(folder, "loan"):
        yield from loan_events(loan, owners[loan["account_id"]])
    for order in rows_of(folder, "order"):
        yield order_event(order, owners[order["account_id"]])


def rows_of(folder: Path, name: str) -> list[Row]:
    """The rows of one of the files."""
    rows: list[Row] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


def owners_of(folder: Path) -> dict[int, str]:
    """The owner of each account; every account has exactly one, and nobody owns two."""
    rows = rows_of(folder, "disp")
    return {row["account_id"]: f"berka-{row['client_id']:05d}" for row in rows if row["type"] == "OWNER"}


def loans_table(folder: Path, owners: Mapping[int, str]) -> pa.Table:
    """One row per loan, by the day that it was asked for."""
    loans = sorted(rows_of(folder, "loan"), key=lambda loan: (loan["date"], loan["loan_id"]))
    granted = [day_of(loan["date"]) for loan in loans]
    return pa.table(
        {
            "person": pa.array([owners[loan["account_id"]] for loan in loans], pa.string()),
            "loan": pa.array([loan["loan_id"] for loan in loans], pa.int64()),
            "asked": pa.array([time - timedelta(days=1) for time in granted], pa.timestamp("us", tz="UTC")),
            "outcome": pa.array([int(loan["status"] in BAD) for loan in loans], pa.int8()),
            "split": pa.array(
                ["granted_1997_1998" if time >= FIRST_OF_TEST else "granted_1993_1996" for time in granted]
            ),
        }
    )


def convert(folder: Path, out: Path) -> tuple[int, int]:
    """Write both files; how many events and loans there are."""
    owners = owners_of(folder)
    events = sorted(events_of(folder, owners), key=lambda event: (event.person, event.time, event.id))
    columns = [pa.array(column, field.type) for column, field in zip(zip(*events, strict=True), SCHEMA, strict=True)]
    loans = loans_table(folder, owners)
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns, schema=SCHEMA), out / "events.parquet", compression="zstd")
    pq.write_table(loans, out / "loans.parquet", compression="zstd")
    return len(events), loans.num_rows


def main(arguments: list[str] | None = None) -> int:
    """Convert one folder."""
    parser = argparse.ArgumentParser(description="Turn the Berka files into events and the outcomes of loans.")
    parser.add_argument("folder", type=Path, help="the Berka files, as Parquet")
    parser.add_argument("out", type=Path, help="where to write events.parquet and loans.parquet")
    given = parser.parse_args(arguments)
    events, loans = convert(given.folder, given.out)
    print(f"{events:,} events, {loans:,} loans")
    return 0


if __name__ == "__main__":
    sys.exit(main())
