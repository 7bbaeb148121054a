"""The dozen made-up people: read as shipped, with every type of event, and standing where their page says."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from goodstanding.events import parse_moment, read_events, read_people, read_ties
from goodstanding.policy import load
from goodstanding.reference import Result, reference

AS_OF = parse_moment("2018-11-06T00:00:00Z")
POLICIES = ("sesame", "national")
NUMBERS = ("amount", "value")
MOMENTS = ("time", "recorded", "since", "until")
ROW = re.compile(r"^\| (resident-\d\d) \| ([^|]+) \| (\d+) \| (\w+) \| (\d+) \| (\w+) \| ([^|]+) \|$", re.MULTILINE)


def cell(column: str, text: str) -> Any:
    """One field of a file, as a row of the specification's section 1 holds it."""
    if not text:
        return None
    if column in NUMBERS:
        return int(text)
    return parse_moment(text) if column in MOMENTS else text


def rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [{column: cell(column, text) for column, text in row.items()} for row in csv.DictReader(lines)]


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "examples" / "people"


@pytest.fixture(scope="module")
def events(folder: Path) -> list[dict[str, Any]]:
    return rows(folder / "events.csv")


def results(folder: Path, policy: str, **asked: Any) -> Mapping[str, Result]:
    """The plain reading's word on the dozen."""
    people = [row["person"] for row in rows(folder / "people.csv")]
    ties = rows(folder / "ties.csv")
    known = rows(folder / "events.csv")
    return reference(load(policy).document, known, people=people, ties=ties, **{"as_of": AS_OF, **asked})


def test_the_files_are_read_without_a_fault(folder: Path, events: list[dict[str, Any]]) -> None:
    assert sum(batch.num_rows for batch in read_events([folder / "events.csv"])) == len(events)
    assert read_people(folder / "people.csv").to_pylist() == [f"resident-{number:02d}" for number in range(1, 13)]
    assert read_ties([folder / "ties.csv"]).num_rows == len(rows(folder / "ties.csv"))


def test_everyone_has_a_number_for_a_name_and_ties_join_only_the_dozen(
    folder: Path, events: list[dict[str, Any]]
) -> None:
    people = {row["person"] for row in rows(folder / "people.csv")}
    assert {event["person"] for event in events} == people
    assert {tie[end] for tie in rows(folder / "ties.csv") for end in ("a", "b")} <= people


def test_among_them_they_have_every_type_of_event_that_the_two_policies_read(events: list[dict[str, Any]]) -> None:
    read = {type_ for policy in POLICIES for type_ in load(policy).catalogue}
    assert {event["type"] for event in events} == read | {"retracted"}


def test_they_have_a_correction_a_retraction_and_ties_of_every_sort(folder: Path, events: list[dict[str, Any]]) -> None:
    replacing = [event for event in events if event["replaces"]]
    assert {event["type"] == "retracted" for event in replacing} == {True, False}
    ties = rows(folder / "ties.csv")
    assert {tie["kind"] for tie in ties} == {"friend", "family", "colleague"}
    assert {tie["until"] is None for tie in ties} == {True, False}


def test_the_platforms_scores_are_sesames_own(folder: Path, events: list[dict[str, Any]]) -> None:
    told = {event["person"]: event["value"] for event in events if event["type"] == "platform.score"}
    sesame = results(folder, "sesame")
    assert told == {person: sesame[person].score for person in told}
    assert len(told) == 11


def test_their_page_says_where_they_stand(folder: Path) -> None:
    sesame, national = (results(folder, policy) for policy in POLICIES)
    about = {row["person"]: row["about"] for row in rows(folder / "people.csv")}
    told = ROW.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert [row[0] for row in told] == sorted(about)
    for person, who, score, tier, points, grade, sanctions in told:
        assert who == about[person]
        assert (int(score), tier) == (sesame[person].score, sesame[person].tier)
        assert (int(points), grade) == (national[person].score, national[person].tier)
        due = "; ".join(f"{name}: {state}" for name, state in national[person].sanctions.items())
        assert sanctions == (due or "none")


def test_the_listed_one_plunges_and_the_one_who_paid_recovers(folder: Path) -> None:
    sesame = results(folder, "sesame")
    before = results(folder, "sesame", as_of=parse_moment("2018-09-11T00:00:00Z"))
    assert (before["resident-02"].score or 0) - (sesame["resident-02"].score or 0) >= 150
    listed = results(folder, "sesame", as_of=parse_moment("2017-10-15T00:00:00Z"))
    assert (sesame["resident-03"].score or 0) - (listed["resident-03"].score or 0) >= 100


def test_friends_cost_the_one_who_pays_everything_a_tier(folder: Path) -> None:
    one = results(folder, "sesame")["resident-04"]
    assert (one.own_score, one.score, one.tier) == (722, 692, "very_good")


def test_the_critic_is_excellent_to_a_shop_and_watched_by_the_state(folder: Path) -> None:
    assert results(folder, "sesame")["resident-08"].tier == "excellent"
    national = results(folder, "national")["resident-08"]
    assert (national.tier, list(national.lists)) == ("c", ["watched"])


def test_a_withdrawn_change_of_number_costs_nothing(folder: Path) -> None:
    early = results(folder, "sesame", recorded_by=parse_moment("2018-08-10T00:00:00Z"))
    late = results(folder, "sesame")
    assert (early["resident-07"].points["phone_changes"], late["resident-07"].points["phone_changes"]) == (0, 10)


def test_a_bill_corrected_in_may_was_on_time(folder: Path) -> None:
    early = results(folder, "sesame", recorded_by=parse_moment("2018-04-20T00:00:00Z"))
    late = results(folder, "sesame")
    assert (early["resident-08"].points["bills_on_time"], late["resident-08"].points["bills_on_time"]) == (-40, 40)
