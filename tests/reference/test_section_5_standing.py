"""Specification section 5, a claim a test: lists with every option, tiers, perks, sanctions and notices."""

from typing import Any

import pytest

from goodstanding.testing import AS_OF, DAY, result_of, small_policy

ALWAYS = {"measure": {"kind": "sum", "of": "c", "field": "value"}}


def since(rule: dict[str, Any], text: str) -> int | None:
    """Days before `as_of` since when the person is on the list, or null."""
    listed = result_of(small_policy(ALWAYS, lists=[{"name": "l", "title": "L", **rule}]), text).lists
    return (AS_OF - listed["l"]) // DAY if listed else None


PLAIN = {"opened": "a"}
PAID = {"opened": "a", "closed": "b"}


# --- Lists: opening and closing ---------------------------------------------------------------------------------------


def test_an_event_that_opens_begins_the_listing_and_it_never_ends() -> None:
    assert since(PLAIN, "time\n -3000d") == 3000


def test_who_has_no_event_that_opens_is_not_on_the_list() -> None:
    assert since(PLAIN, "type\n b") is None


def test_an_event_that_opens_at_as_of_puts_on_the_list() -> None:
    assert since(PLAIN, "time\n 0d") == 0


def test_an_event_that_closes_ends_the_listing_at_its_own_time() -> None:
    assert since(PAID, "type | time\n a | -9d\n b | 0d") is None


def test_an_event_that_closes_before_any_listing_ends_none() -> None:
    assert since(PAID, "type | time\n b | -9d\n a | -8d") == 8


def test_a_listing_that_ended_begins_anew_with_the_next_event_that_opens() -> None:
    assert since(PAID, "type | time\n a | -9d\n b | -5d\n a | -2d") == 2


def test_events_of_one_time_open_and_close_in_their_order() -> None:
    assert since(PAID, "id | type\n e1 | a\n e2 | b") is None
    assert since(PAID, "id | type\n e2 | a\n e1 | b") == 1


def test_an_event_that_satisfies_both_closes_and_does_not_open() -> None:
    both = {"opened": {"type": ["a", "b"]}, "closed": "b"}
    assert since(both, "type | time\n a | -9d\n b | -5d") is None


# --- Lists: closed_after ----------------------------------------------------------------------------------------------


def test_closed_after_ends_the_listing_so_long_after_the_event() -> None:
    rule = {**PAID, "closed_after": "90d"}
    assert since(rule, "type | time\n a | -200d\n b | -90d+1") == 200
    assert since(rule, "type | time\n a | -200d\n b | -90d") is None


def test_a_second_event_that_closes_does_not_put_the_end_off() -> None:
    assert since({**PAID, "closed_after": "90d"}, "type | time\n a | -200d\n b | -90d\n b | -50d") is None


def test_an_event_that_opens_again_before_the_end_lets_the_listing_go_on_whatever_was_to_end_it() -> None:
    assert since({**PAID, "closed_after": "90d"}, "type | time\n a | -200d\n b | -95d\n a | -10d") == 200


def test_an_event_that_opens_at_the_very_end_begins_anew() -> None:
    assert since({**PAID, "closed_after": "90d"}, "type | time\n a | -200d\n b | -95d\n a | -5d") == 5
    assert since({**PAID, "closed_after": "90d"}, "type | time\n a | -200d\n b | -95d\n a | -5d-1") == 200


def test_a_closing_that_comes_after_expiry_does_not_lengthen_the_listing() -> None:
    assert since({**PAID, "closed_after": "90d", "expires": "30d"}, "type | time\n a | -40d\n b | -20d") is None


# --- Lists: expires ---------------------------------------------------------------------------------------------------


def test_a_listing_expires_so_long_after_the_event_that_opened_it() -> None:
    assert since({**PLAIN, "expires": "180d"}, "time\n -180d+1") == 179
    assert since({**PLAIN, "expires": "180d"}, "time\n -180d") is None


def test_a_further_event_that_opens_puts_the_expiry_off_and_keeps_since() -> None:
    assert since({**PLAIN, "expires": "180d"}, "time\n -300d\n -150d") == 300


def test_an_event_that_opens_at_expiry_begins_anew() -> None:
    assert since({**PLAIN, "expires": "180d"}, "time\n -300d\n -120d") == 120


def test_the_sooner_of_closing_and_expiry_ends_the_listing() -> None:
    rule = {**PAID, "closed_after": "10d", "expires": "50d"}
    assert since(rule, "type | time\n a | -45d\n b | -40d") is None
    assert since(rule, "type | time\n a | -55d\n b | -8d") is None
    assert since(rule, "type | time\n a | -45d\n b | -8d") == 45


def test_an_event_that_opens_again_makes_a_closed_listing_last_until_it_expires() -> None:
    assert since({**PAID, "closed_after": "10d", "expires": "50d"}, "type|time\n a|-45d\n b|-40d\n a|-35d") == 45


# --- Lists: times and within ------------------------------------------------------------------------------------------

THRICE = {"opened": "a", "times": 3, "within": "365d"}


def test_so_many_events_within_the_time_open_and_the_last_of_them_begins_the_listing() -> None:
    assert since(THRICE, "time\n -400d\n -300d\n -100d") == 100


def test_the_beginning_of_within_is_excluded() -> None:
    assert since(THRICE, "time\n -465d\n -300d\n -100d") is None
    assert since(THRICE, "time\n -465d+1\n -300d\n -100d") == 100


def test_only_events_up_to_its_own_place_in_the_order_count() -> None:
    assert since({**THRICE, "times": 2}, "id | time\n e1 | -5d\n e2 | -5d\n e3 | -5d") == 5
    assert since({**THRICE, "times": 2}, "id | time\n e1 | -5d") is None


def test_events_that_close_are_not_counted_among_those_that_open() -> None:
    rule = {"opened": {"type": ["a", "b"]}, "closed": "b", "times": 2, "within": "365d"}
    assert since(rule, "type | time\n a | -9d\n b | -8d") is None
    assert since(rule, "type | time\n a | -9d\n b | -8d\n a | -7d") == 7


def test_too_few_events_neither_open_nor_put_the_end_off() -> None:
    rule = {"opened": "a", "times": 2, "within": "10d", "expires": "50d"}
    assert since(rule, "time\n -60d\n -55d\n -20d") is None


def test_events_from_before_a_closing_still_count() -> None:
    assert since({**PAID, "times": 2, "within": "365d"}, "type | time\n a|-9d\n a|-8d\n b|-7d\n a|-6d") == 6


# --- Lists: key -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["matter", "party"])
def test_each_value_of_the_key_is_followed_apart(key: str) -> None:
    rule = {**PAID, "key": key}
    assert since(rule, f"type | time | {key}\n a | -9d | m\n a | -8d | n\n b | -7d | m") == 8
    assert since(rule, f"type | time | {key}\n a | -9d | m\n b | -7d | n") == 9


def test_since_is_the_earliest_of_the_keys_that_are_on() -> None:
    assert since({**PAID, "key": "matter"}, "time | matter\n -8d | n\n -9d | m") == 9


def test_null_is_a_value_of_the_key_too() -> None:
    rule = {**PAID, "key": "matter"}
    assert since(rule, "type | time | matter\n a | -9d |\n b | -7d | m") == 9
    assert since(rule, "type | time | matter\n a | -9d |\n b | -7d |") is None


def test_times_are_counted_for_each_value_of_the_key() -> None:
    rule = {"opened": "a", "times": 2, "within": "365d", "key": "matter"}
    assert since(rule, "time | matter\n -9d | m\n -8d | n") is None


def test_a_list_reads_only_what_a_score_reads() -> None:
    assert since({"opened": "rail.*"}, "type\n rail.unheard_of") is None
    assert since(PLAIN, "time\n 1d") is None


# --- Tiers ------------------------------------------------------------------------------------------------------------

TIERS = [
    {"name": "low", "title": "Low"},
    {"name": "middle", "title": "Middle", "from": 5},
    {"name": "high", "title": "High", "from": 9, "not_on": ["l", "m"]},
]
LISTS = [{"name": "l", "title": "L", "opened": "a"}, {"name": "m", "title": "M", "opened": "b"}]


def scoring(value: int, *lines: str, **asked: Any) -> Any:
    """The standing of someone with this score, and further events."""
    parts = {part: asked.pop(part) for part in ("tiers", "perks", "sanctions", "lists") if part in asked}
    rows = "\n".join(["type | time | value", f"c | -500d | {value}", *lines])
    return result_of(small_policy(ALWAYS, **{"lists": LISTS, **parts}), rows, **asked)


@pytest.mark.parametrize(
    ("value", "tier"), [(-50, "low"), (4, "low"), (5, "middle"), (8, "middle"), (9, "high"), (99, "high")]
)
def test_the_tier_is_the_last_whose_from_the_score_reaches(value: int, tier: str) -> None:
    assert scoring(value, tiers=TIERS).tier == tier


@pytest.mark.parametrize("type_", ["a", "b"])
def test_a_tier_is_barred_to_who_is_on_any_of_its_lists(type_: str) -> None:
    assert scoring(9, f"{type_} | -1d |", tiers=TIERS).tier == "middle"


def test_with_no_tiers_the_tier_is_null() -> None:
    assert scoring(9).tier is None


# --- Perks ------------------------------------------------------------------------------------------------------------


def perks(value: int, *lines: str, **when: Any) -> list[str]:
    perk = {"name": "k", "title": "K", "giver": "G", "when": when}
    result: list[str] = scoring(value, *lines, tiers=TIERS, perks=[perk]).perks
    return result


def test_a_perks_score_is_a_least_score() -> None:
    assert (perks(7, score=7), perks(6, score=7)) == (["k"], [])


def test_a_perk_is_open_to_its_tiers_only() -> None:
    assert (perks(5, tiers=["low", "middle"]), perks(9, tiers=["low", "middle"])) == (["k"], [])


def test_a_perk_is_shut_to_who_is_on_any_of_its_lists() -> None:
    assert (perks(5, not_on=["l", "m"]), perks(5, "b | -1d |", not_on=["l", "m"])) == (["k"], [])


def test_all_conditions_of_a_perk_must_hold() -> None:
    when = {"score": 5, "tiers": ["middle"], "not_on": ["l"]}
    assert perks(5, **when) == ["k"]
    assert perks(4, **when) == perks(9, **when) == perks(5, "a | -1d |", **when) == []


def test_perks_are_in_the_policys_order() -> None:
    two = [{"name": name, "title": name, "giver": "G", "when": {"score": 0}} for name in ("z", "a")]
    assert scoring(5, perks=two).perks == ["z", "a"]


# --- Sanctions --------------------------------------------------------------------------------------------------------


def state(value: int, *lines: str, given: int | None = None, notice: str | None = "7d", **when: Any) -> str | None:
    """The state of one sanction; `given` is days before `as_of`."""
    sanction = {"name": "s", "title": "S", "actions": [], "when": when, **({"notice": notice} if notice else {})}
    notices = {} if given is None else {("p", "s"): AS_OF - given * DAY, ("q", "s"): AS_OF - 999 * DAY}
    states: dict[str, str] = scoring(value, *lines, sanctions=[sanction], notices=notices).sanctions
    return states.get("s")


def test_a_sanction_is_due_to_who_is_on_any_of_its_lists() -> None:
    assert state(0, "b | -99d |", on=["l", "m"]) == "in_force"
    assert state(0, on=["l", "m"]) is None


def test_a_sanction_is_due_below_a_score_and_not_at_it() -> None:
    assert (state(4, below=5), state(5, below=5)) == ("noticed", None)


def test_either_of_on_and_below_is_enough() -> None:
    assert state(4, on=["l"], below=5) == "noticed"
    assert state(9, "a | -99d |", on=["l"], below=5) == "in_force"


def test_a_sanction_is_in_force_when_notice_has_passed_since_the_listing_and_noticed_before() -> None:
    assert state(0, "a | -7d |", on=["l"]) == "in_force"
    assert state(0, "a | -7d+1 |", on=["l"]) == "noticed"


def test_the_moment_is_the_earliest_since_of_the_lists() -> None:
    assert state(0, "a | -2d |", "b | -9d |", on=["l", "m"]) == "in_force"
    assert state(0, "a | -2d |", "b | -9d |", on=["l"]) == "noticed"


def test_the_moment_of_below_is_as_of() -> None:
    assert state(4, below=5, notice="1d") == "noticed"


def test_without_notice_a_sanction_is_in_force_at_once() -> None:
    assert state(4, below=5, notice=None) == state(4, below=5, notice="0d") == "in_force"
    assert state(4, "a | 0d |", on=["l"], notice=None) == "in_force"


def test_where_both_hold_the_earlier_moment_decides() -> None:
    assert state(4, "a | -9d |", on=["l"], below=5) == "in_force"
    assert state(4, "a | -2d |", on=["l"], below=5) == "noticed"


def test_with_an_earlier_notice_the_later_of_listing_and_notice_counts() -> None:
    assert state(0, "a | -9d |", on=["l"], given=6) == "noticed"
    assert state(0, "a | -9d |", on=["l"], given=7) == "in_force"
    assert state(0, "a | -6d |", on=["l"], given=8) == "noticed"


def test_for_below_an_earlier_notice_alone_counts() -> None:
    assert (state(4, below=5, given=7), state(4, below=5, given=6)) == ("in_force", "noticed")


def test_a_notice_makes_nobody_due() -> None:
    assert state(9, on=["l"], below=5, given=99) is None


def test_working_days_of_notice_do_not_count_here() -> None:
    sanction = {"name": "s", "title": "S", "actions": [], "when": {"below": 5}, "notice_working_days": 7}
    assert scoring(4, sanctions=[sanction]).sanctions == {"s": "in_force"}


def test_sanctions_are_in_the_policys_order() -> None:
    two: list[dict[str, Any]] = [
        {"name": name, "title": name, "actions": [], "when": {"below": 5}} for name in ("z", "a")
    ]
    assert list(scoring(4, sanctions=two).sanctions) == ["z", "a"]
