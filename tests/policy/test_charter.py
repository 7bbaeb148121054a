"""The charter of a live world, clause by clause: what breaks it is refused with the clause and the line."""

import pytest

from goodstanding.errors import CharterError, PolicyError
from goodstanding.policy import charter_breaches, loads, shipped
from goodstanding.policy.charter import CLAUSES, FORBIDDEN
from goodstanding.policy.read import load
from tests.policy.drafts import LIVE, edited, said

MORE = "  - {name: more, title: More, opened: rent.paid, expires: 30d, sources: [{title: A law}]}\nfactors:\n"
RELATED = "related: [{from: finance, to: housing}]\ncases:\n"


def broken(*changes: tuple[str, str]) -> list[str]:
    """The breaches of the live draft with some passages replaced, without the file's name."""
    return [line.removeprefix("p.yaml:") for line in said(edited(*changes, text=LIVE))]


def clauses(*changes: tuple[str, str]) -> list[str]:
    """Which clauses are named."""
    return [line.partition("clause ")[2][0] for line in broken(*changes)]


def test_a_policy_that_keeps_the_charter_is_live() -> None:
    assert said(LIVE) == []
    assert loads(LIVE).world == "live"


def test_a_breach_is_an_error_of_its_own_kind() -> None:
    with pytest.raises(CharterError) as caught:
        loads(edited(("notice: 7d", "notice: 6d"), text=LIVE))
    assert caught.value.http_status == 422


def test_the_same_policy_for_a_synthetic_world_is_read_and_told_what_would_be_refused() -> None:
    policy = loads(edited(("notice: 7d", "notice: 6d"), ("world: live", "world: synthetic"), text=LIVE), "p.yaml")
    assert [str(breach) for breach in charter_breaches(policy)] == [
        "p.yaml:43: column 5: charter, clause 4: sanction 'no_court' has a notice of 6 days; expected at least 7d",
    ]


def test_breaches_are_told_together_with_other_faults() -> None:
    told = broken(("notice: 7d", "notice: 6d"), ("{name: good, title: Good", "{name: good, titel: Good"))
    assert [line.partition(":")[0] for line in told] == ["34", "34", "43"]


def test_what_could_not_be_read_is_not_blamed_for_what_it_seems_to_lack() -> None:
    (told,) = broken(("    remedy: Pay.\n", "    remdy: Pay.\n"))
    assert told.startswith("44: column 5: unknown key 'remdy' in a sanction; expected one of name, title, context, ")
    assert told.endswith("; did you mean 'remedy'?")
    (told,) = broken(("    sources: [{title: A law}]\nfactors", "    sources: [*law]\nfactors"))
    assert "an alias" in told


# --- Clause 1 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", FORBIDDEN)
@pytest.mark.parametrize("ending", ["", ".said", ".said.twice"])
def test_no_type_of_a_forbidden_kind_is_read_whatever_the_catalogue_says(root: str, ending: str) -> None:
    assert broken(("type: rent.paid", f"type: {root}{ending}")) == [
        f"10: column 5: charter, clause 1: it reads '{root}{ending}', which is {root}; expected no type under {root}",
    ]


def test_no_type_of_special_sensitivity_is_read() -> None:
    assert broken(("context: housing, sensitivity: ordinary", "context: housing, sensitivity: special")) == [
        "10: column 5: charter, clause 1: it reads 'rent.paid', of special sensitivity; expected no such type",
    ]


def test_a_name_that_only_begins_like_a_forbidden_one_is_free() -> None:
    assert broken(("type: rent.paid", "type: healthy.food")) == []
    assert broken(("type: rent.paid", "type: food.health")) == []


# --- Clause 2 ---------------------------------------------------------------------------------------------------------

TAKE = "take: max"
BANDS = "{bands: [{points: 0}, {from: 600, points: 5}]}"


@pytest.mark.parametrize("take", ["mean", "min"])
def test_ties_are_counted_or_the_greatest_is_taken(take: str) -> None:
    assert broken((TAKE, f"take: {take}")) == [
        f"29: column 27: charter, clause 2: factor 'friends' takes the {take} of ties; expected count or max",
    ]


@pytest.mark.parametrize(
    ("take", "points", "said_of_it"),
    [
        ("max", "{bands: [{points: -1}, {from: 600, points: 5}], none: -1}", ["can take points for ties"]),
        ("max", "{bands: [{points: 5}, {from: 600, points: 0}]}", ["gives fewer points for more"]),
        (
            "max",
            "{bands: [{points: 0}, {from: 600, points: 5}, {from: 700, points: 4}]}",
            ["gives fewer points for more"],
        ),
        ("max", "{bands: [{points: 0}, {from: 600, points: 5}], none: 1}", ["gives most to who has no ties"]),
        ("max", "{bands: [{points: 0}], none: -1}", ["can take points for ties"]),
        ("max", "{each: {points: -1, min: -5, max: 0}}", ["can take", "gives most to"]),
        ("max", "{each: {points: 1, per: 100, max: -1}, none: -1}", ["can take points for ties"]),
        ("count", "{each: {points: -1}}", ["can take points for ties", "gives fewer points for more"]),
    ],
)
def test_nobody_loses_by_whom_they_know(take: str, points: str, said_of_it: list[str]) -> None:
    told = broken((TAKE, f"take: {take}"), (BANDS, points))
    assert told
    assert all(" charter, clause 2: factor 'friends' " in line for line in told)
    assert [words in line for words, line in zip(said_of_it, told, strict=True)] == [True] * len(told)


@pytest.mark.parametrize(
    ("take", "points"),
    [
        ("max", "{bands: [{points: 3}, {from: 600, points: 3}], none: 3}"),
        ("max", "{each: {points: 1, per: 100, max: 9}}"),
        ("max", "{each: {points: 0}}"),
        ("count", "{each: {points: 2, max: 10}}"),
        ("count", "{bands: [{points: 0}, {from: 1, points: 5}], none: -5}"),
    ],
)
def test_who_has_ties_may_gain_by_them(take: str, points: str) -> None:
    assert broken((TAKE, f"take: {take}"), (BANDS, points)) == []


def test_where_scores_can_be_negative_so_can_the_greatest_of_ties() -> None:
    points = "{each: {points: 1, per: 100, max: 9}}"
    assert clauses((BANDS, points), ("min: 300", "min: -1000")) == ["2", "2"]
    assert clauses((BANDS, points.replace("max", "min: 0, max")), ("min: 300", "min: -1000")) == []
    falling = "{each: {points: -1, per: 100, min: 0, max: 9}}"
    assert clauses((BANDS, falling), ("min: 300", "min: -1000")) == ["2"]
    assert clauses((BANDS, falling)) == []


# --- Clauses 3 to 5 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("    points: {each: {points: 1}}\n    sources: [{title: A study}]\n", "20: column 5: … factor 'bills'"),
        ("    closed: court.released\n    sources: [{title: A law}]\n", "14: column 5: … list 'defaulters'"),
        ("    remedy: Pay.\n    sources: [{title: A law}]\n", "38: column 5: … sanction 'no_court'"),
    ],
)
def test_every_factor_list_and_sanction_has_a_source(passage: str, found: str) -> None:
    changed = passage.replace("sources: [{title: A study}]", "sources: []").replace(
        "    sources: [{title: A law}]\n", ""
    )
    (told,) = broken((passage, changed))
    assert told.endswith("has no source; expected sources: at least one")
    place, thing = found.split(" … ")
    assert told.startswith(place)
    assert f"charter, clause 3: {thing} has no source" in told


def test_a_sanction_has_a_notice_of_a_week_and_a_remedy() -> None:
    found = "38: column 5: charter, clause 4: sanction 'no_court' has"
    assert broken(("    notice: 7d\n", "")) == [f"{found} a notice of 0 days; expected at least 7d"]
    assert broken(("    remedy: Pay.\n", "")) == [f"{found} no remedy; expected remedy: what ends it"]
    assert broken(("notice: 7d", "notice: 30d")) == []


def test_every_list_ends() -> None:
    assert broken(("    closed: court.released\n", "")) == [
        "14: column 5: charter, clause 4: list 'defaulters' never ends; expected closed or expires",
    ]
    assert broken(("closed: court.released", "expires: 730d")) == []


@pytest.mark.parametrize("when", ["{below: 400}", "{on: [defaulters], below: 400}"])
def test_no_sanction_rests_on_the_score(when: str) -> None:
    (told,) = broken(("when: {on: [defaulters]}", f"when: {when}"))
    assert (
        "charter, clause 5: sanction 'no_court' rests on a score below 400; expected lists under on, and no below"
        in told
    )


# --- Clause 6 ---------------------------------------------------------------------------------------------------------


def test_what_a_factor_reads_decides_only_in_its_own_walk_of_life() -> None:
    (told,) = broken(("context: finance, giver", "context: housing, giver"))
    assert told == (
        "36: column 33: charter, clause 6: perk 'loan' (housing) rests on factor 'bills', which reads 'bill.paid' "
        "(finance); expected the context finance, or in related {from: finance, to: housing}"
    )


def test_the_table_of_relations_joins_two_walks_of_life_in_the_direction_given() -> None:
    other = ("context: finance, giver", "context: housing, giver")
    assert broken(other, ("cases:\n", RELATED)) == []
    assert clauses(
        other, ("cases:\n", RELATED.replace("from: finance, to: housing", "from: housing, to: finance"))
    ) == ["6"]


def test_a_list_decides_through_a_tier() -> None:
    (told,) = broken(("title: Good, from: 600", "title: Good, from: 600, not_on: [defaulters]"))
    assert (
        "perk 'loan' (finance) rests on tier 'good' through list 'defaulters', which reads 'court.listed' (court)"
        in told
    )


def test_a_list_decides_through_a_factor() -> None:
    (told,) = broken(("{kind: count, of: bill.paid}", "{kind: on_list, list: defaulters}"))
    assert "rests on factor 'bills' through list 'defaulters', which reads 'court.listed' (court)" in told


def test_what_closes_a_list_is_read_too() -> None:
    (told,) = broken(("closed: court.released", "closed: rent.paid"))
    assert "sanction 'no_court' (court) rests on list 'defaulters', which reads 'rent.paid' (housing)" in told


def test_a_sanction_acts_in_the_walk_of_life_of_its_lists() -> None:
    (told,) = broken(("context: court\n", "context: finance\n"))
    assert told == (
        "40: column 5: charter, clause 6: sanction 'no_court' (finance) rests on list 'defaulters', which reads "
        "'court.listed' (court); expected the context court, or in related {from: court, to: finance}"
    )
    assert clauses(("factors:\n", MORE), ("on: [defaulters]", "on: [defaulters, more]")) == ["6"]


def test_a_prefix_reads_all_that_lies_below_it() -> None:
    both = ("type: rent.paid", "type: bill.rent")
    assert clauses(both, ("{kind: count, of: bill.paid}", '{kind: count, of: "bill.*"}')) == ["6"]
    assert clauses(both) == []


def test_a_refinement_without_type_reads_nothing_of_its_own() -> None:
    assert broken(("{kind: count, of: bill.paid}", "{kind: share, among: bill.paid, of: {label: x}}")) == []


def test_what_nothing_decides_by_stands_free() -> None:
    assert broken(("factors:\n", MORE)) == []


# --- Clause 7 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passage", "said_of_it"),
    [
        ("context: housing, ", "10: column 5: charter, clause 7: type 'rent.paid' has no context"),
        ("context: finance, giver", "36: column 5: charter, clause 7: perk 'loan' has no context"),
        ("    context: court\n", "38: column 5: charter, clause 7: sanction 'no_court' has no context"),
    ],
)
def test_every_type_perk_and_sanction_has_a_context(passage: str, said_of_it: str) -> None:
    changed = "giver" if passage.endswith("giver") else ""
    assert broken((passage, changed)) == [f"{said_of_it}; expected context: its walk of life"]


@pytest.mark.parametrize("cases", ["", "cases: []\n"])
def test_there_is_at_least_one_case(cases: str) -> None:
    place = "46: column 1" if cases else "1: column 1"
    written = LIVE[LIVE.index("cases:") :]
    assert broken((written, cases)) == [f"{place}: charter, clause 7: there is no case; expected cases: at least one"]


def test_a_case_that_could_not_be_read_is_a_case() -> None:
    assert len(broken(("expect: {score: 500}", "expect: {scor: 500}"))) == 1


# --- All together -----------------------------------------------------------------------------------------------------


def test_a_policy_can_break_every_clause_at_once() -> None:
    changes = (
        ("type: rent.paid", "type: loyalty.praise"),
        (TAKE, "take: min"),
        ("    points: {each: {points: 1}}\n    sources: [{title: A study}]\n", "    points: {each: {points: 1}}\n"),
        ("notice: 7d", "notice: 1d"),
        ("on: [defaulters]", "below: 400"),
        ("context: finance, giver", "context: dating, giver"),
        (LIVE[LIVE.index("cases:") :], ""),
    )
    assert sorted(set(clauses(*changes))) == [str(number) for number in range(1, len(CLAUSES) + 1)]


def test_the_shipped_national_policy_would_be_refused_in_a_live_world() -> None:
    path = shipped()["national"]
    live = path.read_text(encoding="utf-8").replace("\nworld: synthetic", "\nworld: live", 1)
    with pytest.raises(CharterError) as caught:
        loads(live, "national.yaml")
    told = str(caught.value)
    assert all(f"charter, clause {number}: " in told for number in (1, 2, 4, 5, 6))
    would_be = charter_breaches(load(path))
    assert {(one.line, one.found) for one in caught.value.problems} == {(one.line, one.found) for one in would_be}


@pytest.mark.parametrize("name", [name for name in shipped() if load(shipped()[name]).world == "live"])
def test_every_shipped_live_policy_keeps_the_charter(name: str) -> None:
    assert charter_breaches(load(shipped()[name])) == ()


def test_other_faults_of_a_live_policy_alone_are_no_breach() -> None:
    with pytest.raises(PolicyError) as caught:
        loads(edited(("{name: good, title: Good", "{name: good, titel: Good"), text=LIVE))
    assert not isinstance(caught.value, CharterError)
