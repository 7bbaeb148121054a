"""Specification section 1, a claim a test: the same id, corrections, order, what a score reads, and the population."""

from typing import Any

import pytest

from goodstanding.reference import CircleError, SameIdError, reference
from goodstanding.testing import AS_OF, DAY, result_of, small_policy, table

COUNT = small_policy({"measure": {"kind": "count", "of": {"type": ["a", "b"]}}})
LATEST = small_policy({"measure": {"kind": "latest", "of": "a", "field": "value"}})


def counted(text: str, **asked: Any) -> int:
    return result_of(COUNT, text, **asked).points["f1"]


# --- The same id ------------------------------------------------------------------------------------------------------


def test_the_same_id_and_content_twice_is_one_event() -> None:
    assert counted("id | amount\n e1 | 5\n e1 | 5") == 1


def test_an_id_is_unique_only_within_its_source() -> None:
    assert counted("id | source\n e1 | s\n e1 | t") == 2


def test_the_earliest_recorded_of_the_same_event_counts() -> None:
    assert counted("id | recorded\n e1 | 0d\n e1 | -9d\n e1 | -1d", recorded_by=AS_OF - 9 * DAY) == 1


def test_a_null_recorded_gives_way_to_any_moment() -> None:
    assert counted("id | recorded\n e1 |\n e1 | -9d", recorded_by=AS_OF) == 1
    assert counted("id | recorded\n e1 | -9d\n e1 |", recorded_by=AS_OF) == 1


@pytest.mark.parametrize("column", ["type", "person", "time", "amount", "label", "party", "matter", "replaces"])
def test_the_same_id_with_other_content_is_an_error_which_names_both(column: str) -> None:
    first, second = table("id | amount | time\n e1 | 5 | -1d\n e1 | 5 | -1d")
    second[column] = 7
    with pytest.raises(SameIdError, match=r"(?s)'s', 'e1'.* 5.* and .*7"):
        reference(COUNT, [first, second], as_of=AS_OF)


def test_the_same_id_with_other_content_is_an_error_even_where_nobody_reads_it() -> None:
    with pytest.raises(SameIdError):
        counted("id | type | time | amount\n e1 | z | 9d | 5\n e1 | z | 9d | 6")


# --- Corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_removes_what_it_replaces() -> None:
    assert result_of(LATEST, "id | value | replaces\n e1 | 5 |\n e2 | 7 | e1").used["f1"] == [("s", "e2")]


def test_a_correction_acts_whatever_the_times_of_the_two() -> None:
    assert counted("id | time | replaces\n e1 | -1d |\n e2 | -9d | e1") == 1
    assert counted("id | time | replaces\n e1 | -1d |\n e2 | 9d | e1") == 0


def test_a_correction_replaces_only_an_event_of_its_own_source() -> None:
    assert counted("id | source | replaces\n e1 | s |\n e2 | t | e1") == 2


def test_an_event_whose_replacement_is_itself_replaced_stands_again() -> None:
    assert counted("id | type | replaces\n e1 | a |\n e2 | a | e1\n e3 | retracted | e2") == 1


def test_of_two_corrections_of_one_event_both_stand() -> None:
    assert counted("id | replaces\n e1 |\n e2 | e1\n e3 | e1") == 2


def test_one_standing_correction_of_two_is_enough_to_replace() -> None:
    assert counted("id | type | replaces\n e1 | a |\n e2 | a | e1\n e3 | a | e1\n e4 | retracted | e2") == 1


def test_a_correction_that_was_not_recorded_by_then_replaces_nothing() -> None:
    rows = "id | value | recorded | replaces\n e1 | 5 | -9d |\n e2 | 7 | -2d | e1"
    assert result_of(LATEST, rows, recorded_by=AS_OF - 3 * DAY).points["f1"] == 5
    assert result_of(LATEST, rows, recorded_by=AS_OF - 2 * DAY).points["f1"] == 7


def test_recorded_at_the_very_moment_is_recorded_by_then() -> None:
    assert counted("recorded\n -2d\n -2d+1", recorded_by=AS_OF - 2 * DAY) == 1


def test_a_null_recorded_is_later_than_any_recorded_by() -> None:
    assert counted("recorded | label\n | x", recorded_by=AS_OF + 10_000 * DAY) == 0


def test_without_recorded_by_all_that_was_read_in_stands() -> None:
    assert counted("recorded | label\n | x\n 900d | x") == 2


def test_a_late_correction_of_an_event_that_was_never_recorded_by_then_brings_neither() -> None:
    assert counted("id | recorded | replaces\n e1 | |\n e2 | -9d | e1", recorded_by=AS_OF) == 1


def test_a_correction_may_change_the_person_and_acts_before_people_are_left_out() -> None:
    rows = table("id | person | replaces\n e1 | p |\n e2 | q | e1")
    assert reference(COUNT, rows, as_of=AS_OF, people=["p"])["p"].points["f1"] == 0


def test_a_retraction_only_removes() -> None:
    assert counted("id | type | replaces\n e1 | a |\n e2 | b |\n e3 | retracted | e2") == 1


def test_a_correction_of_an_unknown_id_is_taken_and_counted() -> None:
    assert counted("id | replaces\n e1 | nowhere") == 1


def test_a_circle_of_corrections_is_an_error_that_names_it() -> None:
    with pytest.raises(CircleError, match=r"\('s', 'e1'\), \('s', 'e2'\), \('s', 'e3'\)\]"):
        counted("id | replaces\n e1 | e3\n e2 | e1\n e3 | e2\n e4 | e1\n e5 |")


def test_an_event_that_replaces_itself_is_a_circle() -> None:
    with pytest.raises(CircleError):
        counted("id | replaces\n e1 | e1")


def test_a_circle_is_an_error_whatever_recorded_by() -> None:
    with pytest.raises(CircleError):
        counted("id | recorded | replaces\n e1 | | e2\n e2 | | e1", recorded_by=AS_OF)


def test_a_correction_of_a_correction_lets_the_first_event_stand_again() -> None:
    assert result_of(COUNT, "id | replaces\n e1 |\n e2 | e1\n e3 | e2").used["f1"] == [("s", "e1"), ("s", "e3")]


def test_in_a_chain_of_ten_thousand_corrections_every_second_one_stands() -> None:
    rows = [table(f"id | replaces\n e{n} | e{n - 1}")[0] for n in range(10_000)]
    stand = {id_ for _, id_ in result_of(COUNT, rows).used["f1"]}
    assert stand == {f"e{n}" for n in range(1, 10_000, 2)}


# --- Order ------------------------------------------------------------------------------------------------------------


def test_events_are_ordered_by_time_first() -> None:
    assert result_of(LATEST, "id | time | value\n e9 | -2d | 1\n e1 | -1d | 2").points["f1"] == 2


def test_events_of_one_time_are_ordered_by_source_then_by_id() -> None:
    assert result_of(LATEST, "id | source | value\n e9 | s | 1\n e1 | t | 2\n e10 | s | 3").points["f1"] == 2
    assert result_of(LATEST, "id | source | value\n e9 | s | 1\n e10 | s | 3").points["f1"] == 1


def test_strings_are_ordered_by_their_utf_8_bytes() -> None:
    assert result_of(LATEST, "id | source | value\n e1 | 🚄 | 1\n e1 | ～ | 2").points["f1"] == 1


# --- What a score reads -----------------------------------------------------------------------------------------------


def test_an_event_at_as_of_is_read_and_one_a_microsecond_later_is_not() -> None:
    assert counted("time\n 0d\n 0d+1") == 1


def test_a_type_that_the_catalogue_lacks_is_not_read_though_a_prefix_covers_it() -> None:
    policy = small_policy({"measure": {"kind": "count", "of": "rail.*"}})
    assert result_of(policy, "type\n rail.smoking\n rail.unheard_of").points["f1"] == 1


# --- Population (section 4) -------------------------------------------------------------------------------------------


def test_the_population_is_everyone_whom_any_event_names_read_or_not() -> None:
    rows = table(
        "id | person | type | time | recorded | replaces\n"
        "e1 | unread | z | -1d | -1d |\n"
        "e2 | later | a | 9d | -1d |\n"
        "e3 | unrecorded | a | -1d | |\n"
        "e4 | replaced | a | -1d | -1d |\n"
        "e5 | retractor | retracted | -1d | -1d | e4\n"
    )
    results = reference(COUNT, rows, as_of=AS_OF, recorded_by=AS_OF)
    assert list(results) == ["later", "replaced", "retractor", "unread", "unrecorded"]
    assert {result.score for result in results.values()} == {0}


def test_a_people_table_is_the_population_with_or_without_events() -> None:
    results = reference(COUNT, table("person\n p\n q"), as_of=AS_OF, people=["x", "p"])
    assert {person: result.score for person, result in results.items()} == {"p": 1, "x": 0}


def test_results_are_ordered_by_the_utf_8_bytes_of_the_person() -> None:
    assert list(reference(COUNT, [], as_of=AS_OF, people=["🚄", "～", "p2", "p10"])) == ["p10", "p2", "～", "🚄"]


def test_ties_name_nobody() -> None:
    tie = {"a": "p", "b": "q", "since": AS_OF - DAY, "until": None, "kind": None}
    assert list(reference(COUNT, table("person\n p"), as_of=AS_OF, ties=[tie])) == ["p"]
