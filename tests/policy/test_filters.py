"""Filters: which events they select, by hand."""

from typing import Any

import pytest

from goodstanding.document import Findings, plain, read
from goodstanding.document.kinds import Unread
from goodstanding.filters import Filter, Range

EVENT: dict[str, Any] = {
    "type": "rail.fare.paid",
    "source": "railway",
    "label": "late",
    "party": None,
    "matter": "t-1",
    "amount": -5,
    "value": None,
}


def parsed(text: str, *, needs_type: bool = True) -> Filter:
    findings = Findings("f.yaml")
    findings.names = {
        "type": ("rail.fare.paid", "rail.fare", "railway.opened"),
        "prefix": ("rail.*", "rail.fare.*", "railway.*"),
    }
    found = Filter.parse(read(text), findings, needs_type=needs_type)
    assert not isinstance(found, Unread), findings.problems
    return found


@pytest.mark.parametrize(
    ("written", "selects"),
    [
        ("rail.fare.paid", True),
        ("rail.fare", False),
        ("rail.*", True),
        ("rail.fare.*", True),
        ("{type: [railway.opened, rail.fare.*]}", True),
        ("{type: rail.*, source: railway}", True),
        ("{type: rail.*, source: [airline, railway]}", True),
        ("{type: rail.*, source: airline}", False),
        ("{type: rail.*, label: late}", True),
        ("{type: rail.*, label: Late}", False),
        ("{type: rail.*, party: railway}", False),
        ("{type: rail.*, matter: t-1, label: early}", False),
        ("{type: rail.*, amount: {min: -5, max: -5}}", True),
        ("{type: rail.*, amount: {min: -4}}", False),
        ("{type: rail.*, amount: {max: -6}}", False),
        ("{type: rail.*, amount: {min: -5.4, max: -4.6}}", True),
        ("{type: rail.*, amount: {min: -4.9}}", False),
        ("{type: rail.*, amount: {max: -5.1}}", False),
    ],
)
def test_a_filter_selects_where_all_given_tests_hold(written: str, selects: bool) -> None:
    assert parsed(written).matches(EVENT) is selects


def test_a_prefix_takes_what_lies_below_it_and_no_more() -> None:
    below = parsed("rail.*")
    assert [below.matches_type(type_) for type_ in ("rail.fare", "rail", "railway.opened", "rail.fare.paid")] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("test", ["{min: -1000}", "{max: 1000}"])
def test_a_null_never_satisfies_a_test(test: str) -> None:
    assert not parsed(f"{{type: rail.*, value: {test}}}").matches(EVENT)
    assert not Range().holds(None)


def test_a_refinement_without_tests_selects_all() -> None:
    assert parsed("{}", needs_type=False) == Filter()
    assert Filter().matches(EVENT)


def test_a_range_of_decimals_holds_the_whole_numbers_within_it() -> None:
    assert parsed("{type: rail.*, value: {min: 0.2, max: 2.7}}").value == Range(1, 2)
    assert parsed("{type: rail.*, value: {min: -2.7, max: -0.2}}").value == Range(-2, -1)


def test_a_filter_that_needs_a_type_is_not_satisfied_by_other_tests() -> None:
    findings = Findings("f.yaml")
    node = read("{label: late}")
    assert Filter.parse(node, findings) is Unread.UNREAD
    assert findings.count == 1
    assert plain(node) == {"label": "late"}
