"""The Berka set: a small made folder of the same shape becomes events, and no score reads what came after its loan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodstanding.book import Book
from goodstanding.cases import failures
from goodstanding.evaluation import read_outcomes
from goodstanding.events import read_events
from goodstanding.policy import Policy, load

from .programs import EXAMPLES, program

convert, develop, evaluate = (program(f"berka/{name}.py") for name in ("convert", "develop", "evaluate"))

Rows = list[dict[str, Any]]
ACCOUNTS = range(1, 9)
GRANTED = datetime(1997, 7, 8, tzinfo=UTC)  # of the first account's loan; the next account's is a day later, and so on


def yymmdd(day: datetime) -> int:
    return int(f"{day:%y%m%d}")


def moved(number: int, account: int, day: datetime, kind: str, amount: float) -> dict[str, Any]:
    """A transaction; `kind` names the type, the operation and the symbol of the original, parted by slashes."""
    type_, operation, symbol = kind.split("/")
    date = yymmdd(day)
    row = {"trans_id": number, "account_id": account, "date": date, "type": type_, "operation": operation}
    return row | {"amount": amount, "balance": 0.0, "k_symbol": symbol, "bank": None, "account": None, "part": "made"}


def granted_on(account: int) -> datetime:
    return GRANTED + timedelta(days=account - 1)


def history(account: int) -> Rows:
    """Twelve days on which money moved, up to the day before the loan; odd accounts are kept well, even ones badly."""
    well, rows = account % 2, []
    for number in range(12):
        day = granted_on(account) - timedelta(days=1 + 7 * number)
        rows.append(moved(1000 * account + 2 * number, account, day, "PRIJEM/VKLAD/", 9000.5 if well else 900))
        kind = "VYDAJ/PREVOD NA UCET/SIPO" if well else "VYDAJ/VYBER/SANKC. UROK"
        rows.append(moved(1000 * account + 2 * number + 1, account, day, kind, 100 if well else 901))
    return rows


def made(folder: Path, later: Rows | None = None, **loan: object) -> Path:
    """A folder like Berka's, with the transactions of `later` added to it."""
    tables: dict[str, Rows] = {
        "account": [{"account_id": number, "date": 970101} for number in ACCOUNTS],
        "disp": [
            {"disp_id": 10 * number + place, "client_id": 100 * number + place, "account_id": number, "type": type_}
            for number in ACCOUNTS
            for place, type_ in enumerate(("OWNER", "DISPONENT"))
        ],
        "loan": [
            {"loan_id": 50 + number, "account_id": number, "date": yymmdd(granted_on(number)), "amount": 96_000}
            | {"duration": 24, "payments": 4000.0, "status": "A" if number % 2 else "B"}
            | loan
            for number in ACCOUNTS
        ],
        "order": [
            {"order_id": 1, "account_id": 1, "bank_to": "YZ", "amount": 4000.0, "k_symbol": "UVER"},
            {"order_id": 2, "account_id": 1, "bank_to": "YZ", "amount": 50.1, "k_symbol": " "},
        ],
        "trans": [row for account in ACCOUNTS for row in history(account)] + (later or []),
    }
    folder.mkdir()
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    return folder


def converted(source: Path, out: Path) -> Rows:
    assert convert.main([str(source), str(out)]) == 0
    rows: Rows = pq.read_table(out / "events.parquet").to_pylist()
    return rows


def scores_of(converted_: Path, policy: Policy) -> dict[str, tuple[int | None, str | None]]:
    book = Book.build(read_events([converted_ / "events.parquet"]))
    table = evaluate.scored(policy, book, pq.read_table(converted_ / "loans.parquet"))
    return {row["person"]: (row["score"], row["tier"]) for row in table.to_pylist()}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(EXAMPLES / "berka" / "policy.yaml")


def test_the_policy_keeps_the_charter_and_its_own_cases(policy: Policy) -> None:
    assert policy.world == "live"
    assert failures(policy) == []


def test_the_owner_is_the_person_and_every_kind_of_row_becomes_events(tmp_path: Path) -> None:
    events = converted(made(tmp_path / "berka"), tmp_path / "out")
    assert {event["person"] for event in events if event["matter"] == "account-1"} == {"berka-00100"}
    assert {event["type"] for event in events} == {
        *("account.opened", "account.balance", "account.overdrawn", "order.standing", "loan.asked", "loan.granted"),
        *("income.cash", "expense.household", "expense.penalty_interest"),
    }
    assert pq.read_schema(tmp_path / "out" / "events.parquet").metadata[b"goodstanding.world"] == b"live"


def test_the_balance_is_what_came_less_what_went_at_each_days_end(tmp_path: Path) -> None:
    events = converted(made(tmp_path / "berka"), tmp_path / "out")
    balances = [event["amount"] for event in events if event["type"] == "account.balance"]
    assert balances[:12] == [890_050 * number for number in range(1, 13)]
    below = [event for event in events if event["type"] == "account.overdrawn"]
    assert [event["amount"] for event in below[:12]] == [-100 * number for number in range(1, 13)]
    assert {event["person"] for event in below} == {f"berka-{100 * number:05d}" for number in (2, 4, 6, 8)}


def test_a_loan_is_asked_for_on_the_day_before_it_is_granted(tmp_path: Path) -> None:
    events = converted(made(tmp_path / "berka"), tmp_path / "out")
    loan = {event["type"]: event for event in events if event["matter"] == "loan-51"}
    assert (loan["loan.asked"]["amount"], loan["loan.asked"]["value"]) == (400_000, 24)
    assert loan["loan.granted"]["time"] - loan["loan.asked"]["time"] == timedelta(days=1)
    loans = pq.read_table(tmp_path / "out" / "loans.parquet").to_pylist()
    assert loans[0]["asked"] == loan["loan.asked"]["time"] == GRANTED - timedelta(days=1)


def test_standing_orders_stand_on_the_last_day_of_the_bank_and_after_every_loan(tmp_path: Path) -> None:
    events = converted(made(tmp_path / "berka"), tmp_path / "out")
    orders = [event for event in events if event["type"] == "order.standing"]
    assert [(event["label"], event["amount"]) for event in orders] == [("loan", 400_000), ("not_stated", 5_010)]
    assert {event["time"] for event in orders} == {datetime(1998, 12, 31, tzinfo=UTC)}


def test_outcomes_and_splits_follow_status_and_year(tmp_path: Path) -> None:
    converted(made(tmp_path / "new"), tmp_path / "out")
    outcomes = read_outcomes(tmp_path / "out" / "loans.parquet")
    assert outcomes.values.to_pylist() == [0, 1] * 4
    converted(made(tmp_path / "old", date=961231, status="D"), tmp_path / "old_out")
    loans = pq.read_table(tmp_path / "old_out" / "loans.parquet").to_pylist()
    assert {(loan["outcome"], loan["split"]) for loan in loans} == {(1, "granted_1993_1996")}


def test_a_transaction_that_the_guide_does_not_describe_is_an_error(tmp_path: Path) -> None:
    strange = moved(9, 1, GRANTED, "VYDAJ/KRYPTO/", 1)
    with pytest.raises(ValueError, match="transaction 9: found k_symbol '' and operation 'KRYPTO'"):
        converted(made(tmp_path / "berka", [strange]), tmp_path / "out")


def test_no_score_reads_an_event_of_the_day_of_its_loan_or_later(tmp_path: Path, policy: Policy) -> None:
    converted(made(tmp_path / "before"), tmp_path / "before_out")
    later = [
        moved(99_000 + 100 * account + days, account, granted_on(account) + timedelta(days=days), kind, 1_000_000)
        for account in ACCOUNTS
        for days in (0, 1, 40)
        for kind in ("PRIJEM/VKLAD/" if days else "VYDAJ/VYBER/SANKC. UROK",)
    ]
    converted(made(tmp_path / "after", later), tmp_path / "after_out")
    assert scores_of(tmp_path / "after_out", policy) == scores_of(tmp_path / "before_out", policy)


def test_a_score_reads_the_day_before_its_loan_whole(tmp_path: Path, policy: Policy) -> None:
    converted(made(tmp_path / "before"), tmp_path / "before_out")
    eve = [moved(99_001, 1, granted_on(1) - timedelta(days=1), "VYDAJ/VYBER/SANKC. UROK", 1)]
    converted(made(tmp_path / "after", eve), tmp_path / "after_out")
    before, after = scores_of(tmp_path / "before_out", policy), scores_of(tmp_path / "after_out", policy)
    assert {person for person in before if before[person] != after[person]} == {"berka-00100"}
    assert (before["berka-00100"], after["berka-00100"]) == ((807, "excellent"), (807 - 167, "fair"))


def test_each_loan_is_scored_at_its_own_moment(tmp_path: Path, policy: Policy) -> None:
    converted(made(tmp_path / "berka"), tmp_path / "out")
    # 12 · 8,900.50 left and 12 · 9,000.50 earned, beside 4,000 a month: 26 and 27 instalments; no penalty; 12 bills
    scores = scores_of(tmp_path / "out", policy)
    assert scores["berka-00100"] == scores["berka-00700"] == (700 + 77 - 18 + 15 + 33, "excellent")
    # overdrawn, 12 · 900 earned: under 3 instalments; penalty interest; no household bills
    assert scores["berka-00200"] == (700 - 97 - 56 - 152 - 26, "poor")


def test_too_few_days_give_no_score_and_no_tier(tmp_path: Path, policy: Policy) -> None:
    converted(made(tmp_path / "berka", date=970601), tmp_path / "out")
    assert scores_of(tmp_path / "out", policy)["berka-00100"] == (None, None)


def test_the_evaluation_says_and_draws_how_well_loans_are_foretold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    converted(made(tmp_path / "berka"), tmp_path / "out")
    assert evaluate.main([str(tmp_path / "out"), "--chart", str(tmp_path / "loans.svg")]) == 0
    assert "8 people with a score and an outcome, 4 of them with outcome 1. AUC 1.000" in capsys.readouterr().out
    assert (tmp_path / "loans.svg").read_text(encoding="utf-8").startswith("<svg")


def test_points_are_weights_of_evidence_worked_out_by_hand() -> None:
    # 4 loans below 1, 3 of them bad; 4 from 1 on, 1 bad; two of the average kind (1 bad in 2) added to each
    weights, sizes = develop.weights_of_evidence(
        [0, 0, 0, 0, 1, 1, 2, 3], pa.array([1, 1, 1, 0, 1, 0, 0, 0]).to_numpy(), (1,)
    )
    assert sizes == [(4, 3), (4, 1)]
    assert weights == pytest.approx([-0.6931, 0.6931], abs=1e-4)  # odds of (1 + 1) to (3 + 1), and the other way round
    assert develop.as_yaml((1,), weights) == "points: {bands: [{points: -35}, {from: 1, points: 35}]}"


def test_development_reads_summaries_of_the_loans_of_1993_to_1996_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = {
        "no_transactions_type_credit_per_account": 10,
        "no_transactions_type_withdrawal_per_account": 5,
        "avg_amount_of_transaction_credit_per_account": 4000.0,
        "avg_amount_of_transaction_withdrawal_per_account": None,
        "no_k_sanction_interest_if_negative_balance_of_transaction_per_account": 0,
        "no_k_household_of_transaction_per_account": 6,
    }
    splits = ["granted_1993_1996"] * 4 + ["granted_1997_1998"] * 4
    rows = [summary | {"loan_id": 50 + number, "split": split} for number, split in enumerate(splits, 1)]
    folder = made(tmp_path / "berka")
    pq.write_table(pa.Table.from_pylist(rows), folder / "loan_history.parquet")
    assert develop.main([str(folder)]) == 0
    said = capsys.readouterr().out
    assert "balance_in_instalments" in said
    assert "0 bad of 0, 0 bad of 0, 0 bad of 0, 2 bad of 4, 0 bad of 0" in said
