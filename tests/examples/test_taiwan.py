"""The Taiwan set: what conversion makes of a row, and what `consumer-credit` is worth on the half that it never saw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from goodstanding.book import Book
from goodstanding.document import plain, read
from goodstanding.errors import WorldError
from goodstanding.evaluation import Evaluation, evaluate, read_outcomes
from goodstanding.events import read_events
from goodstanding.policy import Policy, load, loads, shipped
from goodstanding.reference import reference
from goodstanding.scoring import Scores, score
from goodstanding.standing import stand

from .programs import EXAMPLES, program

convert, develop = program("taiwan/convert.py"), program("taiwan/develop.py")
FOLDER = EXAMPLES / "taiwan"
AS_OF = datetime(2005, 10, 1, tzinfo=UTC)
MONTHS = range(1, 7)
HEADER = [
    *("ID", "LIMIT_BAL", "SEX", "EDUCATION", "MARRIAGE", "AGE", *convert.STATUS_COLUMNS),
    *(f"BILL_AMT{month}" for month in MONTHS),
    *(f"PAY_AMT{month}" for month in MONTHS),
    "default.payment.next.month",
]


@pytest.fixture(scope="module")
def book() -> Book:
    return Book.build(read_events([FOLDER / "events.parquet"]))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(shipped()["consumer-credit"])


@pytest.fixture(scope="module")
def scores(policy: Policy, book: Book) -> Scores:
    return score(policy, book, as_of=AS_OF)


@pytest.fixture(scope="module")
def evaluation(policy: Policy, scores: Scores) -> Evaluation:
    names = [tier.name for tier in policy.tiers]
    outcomes = read_outcomes(FOLDER / "outcomes-evaluation.parquet")
    tiers = [names[tier] for tier in stand(scores).tier]
    return evaluate(pa.array(scores.score, mask=~scores.given), outcomes.of(scores.people), tiers=tiers, order=names)


def converted(folder: Path, **changed: object) -> list[dict[str, Any]]:
    """The events of one made client, after conversion."""
    row: dict[str, object] = dict.fromkeys(HEADER, 0)
    row |= {"ID": 7, "LIMIT_BAL": 20000, "EDUCATION": 2, "SEX": 1, "MARRIAGE": 1, "AGE": 99} | changed
    text = ",".join(f'"{name}"' for name in HEADER) + "\n" + ",".join(str(row[name]) for name in HEADER) + "\n"
    (folder / "made.csv").write_text(text, encoding="utf-8")
    assert convert.main([str(folder / "made.csv"), str(folder / "out")]) == 0
    events: list[dict[str, Any]] = pq.read_table(folder / "out" / "events.parquet").to_pylist()
    return events


def of_type(events: list[dict[str, Any]], type_: str) -> dict[str, dict[str, Any]]:
    return {f"{event['time']:%m-%d}": event for event in events if event["type"] == type_}


def test_a_row_becomes_a_limit_a_degree_and_each_months_statement_payment_and_status(tmp_path: Path) -> None:
    events = converted(tmp_path, PAY_0=2, PAY_6=-1, BILL_AMT1=-5, BILL_AMT6=700, PAY_AMT1=300, LIMIT_BAL="20000.0")
    assert of_type(events, "card.limit")["04-01"]["amount"] == 20000
    assert of_type(events, "degree.held")["04-01"]["label"] == "university"
    statements, statuses = of_type(events, "card.statement"), of_type(events, "card.status")
    assert list(statements) == ["04-30", "05-31", "06-30", "07-31", "08-31", "09-30"]
    assert (statements["04-30"]["amount"], statements["09-30"]["amount"]) == (700, -5)
    assert (statuses["09-30"]["value"], statuses["09-30"]["label"]) == (2, "late")
    assert (statuses["04-30"]["value"], statuses["04-30"]["label"]) == (0, "paid_duly")
    assert {event["person"] for event in events} == {"taiwan-00007"}
    assert len({event["id"] for event in events}) == len(events)


def test_a_month_without_payment_has_no_payment(tmp_path: Path) -> None:
    assert list(of_type(converted(tmp_path, PAY_AMT2=1), "card.payment")) == ["08-31"]


@pytest.mark.parametrize("code", [0, 5, 6])
def test_an_undocumented_degree_is_no_event(tmp_path: Path, code: int) -> None:
    assert of_type(converted(tmp_path, EDUCATION=code), "degree.held") == {}


@pytest.mark.parametrize(("code", "label"), [(0, "undocumented_0"), (-2, "undocumented_-2")])
def test_an_undocumented_status_stays_a_code_and_is_not_late(tmp_path: Path, code: int, label: str) -> None:
    status = of_type(converted(tmp_path, PAY_3=code), "card.status")["07-31"]
    assert (status["value"], status["label"]) == (0, label)


def test_sex_age_and_marriage_leave_no_trace(tmp_path: Path) -> None:
    plain_row = converted(tmp_path, SEX=1, AGE=30, MARRIAGE=1)
    assert converted(tmp_path, SEX=2, AGE=61, MARRIAGE=2) == plain_row


def test_a_fraction_of_a_dollar_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"found 2\.5, expected whole New Taiwan dollars"):
        converted(tmp_path, PAY_AMT1=2.5)


def test_another_file_than_the_published_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    converted(tmp_path)
    said = capsys.readouterr()
    assert "not the file that the published figures rest on" in said.err
    assert said.out.startswith("1 clients, 14 events; ")


def test_the_shipped_events_are_those_of_30000_clients_of_a_live_world() -> None:
    events = pq.read_table(FOLDER / "events.parquet")
    assert events.schema.metadata[b"goodstanding.world"] == b"live"
    counts = {row["values"].as_py(): row["counts"].as_py() for row in pc.value_counts(events["type"])}
    assert {name: counts[name] for name in ("card.limit", "card.statement", "card.status")} == {
        "card.limit": 30_000,
        "card.statement": 180_000,
        "card.status": 180_000,
    }
    assert counts["degree.held"] == 30_000 - 345
    assert (FOLDER / "events.parquet").stat().st_size < 4_000_000


def test_the_halves_are_parted_by_the_hash_of_the_id_and_hold_every_default() -> None:
    halves = {name: read_outcomes(FOLDER / f"outcomes-{name}.parquet") for name in ("development", "evaluation")}
    assert {name: len(half) for name, half in halves.items()} == {"development": 15_133, "evaluation": 14_867}
    assert sum(pc.sum(half.values).as_py() for half in halves.values()) == 6_636
    for name, half in halves.items():
        assert {convert.half(person) for person in half.people.to_pylist()} == {name}


def test_the_policys_points_are_those_that_the_program_chooses_on_the_development_half() -> None:
    document: Any = plain(read(shipped()["consumer-credit"]))
    steps = develop.develop(FOLDER / "events.parquet", FOLDER / "outcomes-development.parquet")
    for factor in document["factors"]:
        bands = [(band.get("from"), band["points"]) for band in factor["points"]["bands"]]
        found = [(step.start, step.points) for step in steps[factor["name"]]]
        assert [(None if start is None else float(start), points) for start, points in bands] == found


def test_development_prints_bands_that_a_policy_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert develop.main([]) == 0
    text = shipped()["consumer-credit"].read_text(encoding="utf-8")
    printed = [line.strip() for line in capsys.readouterr().out.splitlines() if "points:" in line]
    assert len(printed) == 6
    assert all(line in text for line in printed)


def test_the_score_foretells_default_on_the_half_it_never_saw(evaluation: Evaluation) -> None:
    assert evaluation.people == 14_867
    assert evaluation.auc.value >= 0.75
    assert evaluation.ks.value >= 0.38
    assert evaluation.auc.low is not None
    assert evaluation.auc.low > 0.75


def test_the_tiers_are_in_the_order_of_the_rate_of_default(evaluation: Evaluation) -> None:
    assert evaluation.tiers_in_order
    rates = [tier.rate for tier in evaluation.tiers]
    assert rates == sorted(rates, key=lambda rate: -(rate or 0))
    assert all(tier.people > 1000 for tier in evaluation.tiers)


def test_the_figures_in_the_readme_are_those_that_come_out(evaluation: Evaluation) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for figure in (evaluation.auc, evaluation.gini, evaluation.ks):
        assert f"{figure.value:.3f}" in readme
    for tier in evaluation.tiers:
        assert f"| {tier.tier} | {tier.people:,} | {tier.events:,} | {tier.rate:.1%} |" in readme


def test_the_engine_and_the_plain_reading_agree_on_real_clients(book: Book, scores: Scores) -> None:
    document: Any = plain(read(shipped()["consumer-credit"]))
    people = scores.people.to_pylist()
    for place in np.random.default_rng(1).choice(len(people), 150, replace=False).tolist():
        events: list[Mapping[str, Any]] = [
            {"recorded": None, "replaces": None} | dict(event) for event in book.events_of(people[place])
        ]
        result = reference(document, events, as_of=scores.as_of, people=[people[place]])[people[place]]
        found = scores.contributions(place)
        assert result.score == scores.score[place]
        assert {name: found[name] for name in result.points} == dict(result.points)


def test_real_clients_are_never_scored_under_a_policy_for_made_up_worlds(book: Book) -> None:
    text = shipped()["consumer-credit"].read_text(encoding="utf-8")
    synthetic = loads(text.replace("\nworld: live\n", "\nworld: synthetic\n"), "synthetic.yaml")
    with pytest.raises(WorldError):
        score(synthetic, book, as_of=AS_OF)


def test_the_degree_is_in_the_record_and_read_by_nothing(policy: Policy) -> None:
    assert "degree.held" not in policy.catalogue
    assert {type_.context for type_ in policy.catalogue.values()} == {"finance"}
