"""The shipped policies: each loads, proves itself, gives a source for every number, and speaks two languages."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from goodstanding import cases
from goodstanding.errors import CharterError
from goodstanding.policy import Case, Policy, charter_breaches, load, loads, shipped
from goodstanding.reference import least, most, reference

WORLDS = {
    "air-2018": "live",
    "consumer-credit": "live",
    "national": "synthetic",
    "rail-2018": "live",
    "rongcheng": "synthetic",
    "sesame": "synthetic",
    "suining": "synthetic",
    "tool-library": "live",
}
LEAST_CASES = 6
RULES = ("factors", "lists", "sanctions")
TEXTS = {"title", "about", "text", "remedy", "sentence", "why"}
PLACEHOLDER = re.compile(r"\{[a-z0-9_.]+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WEAK_HOSTS = {"slackerblud.com", "wenanbuluoba.cn", "m.huiyuanjidian.cn", "lnmlw.com", "loan78.com"}
"""Content farms, copies and user reports: whoever cites them says so."""
UNSOURCED_ON_PURPOSE = {("national", "lists", "watched")}
"""The one rule without a source: it shows clause 3 of the charter."""

every_policy = pytest.mark.parametrize("name", WORLDS)
every_live_policy = pytest.mark.parametrize("name", [name for name, world in WORLDS.items() if world == "live"])


def walk(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value of a document with its path, mappings and lists before what is in them."""
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from walk(one, (*path, key))


def sources_of(policy: Policy) -> Iterator[dict[str, str]]:
    for path, value in walk(policy.document):
        if path and path[-1] == "sources":
            yield from value


def rules_of(policy: Policy) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((group, rule) for group in RULES for rule in policy.document.get(group, ()))


def plainly(policy: Policy, case: Case, *, points: Iterable[str]) -> dict[str, Any]:
    """What the plain reading makes of a case, in the form of `expect`, with the points that are asked for."""
    friends = [(tie["own_score"], tie.get("kind")) for tie in case.ties]
    people = [case.person]
    result = reference(policy.document, case.events, as_of=case.as_of, people=people, friends=friends)[case.person]
    given = {**result.points, **result.bounds}
    return {
        "score": result.score,
        "points": {name: given[name] for name in points},
        "tier": result.tier,
        "lists": list(result.lists),
        "perks": result.perks,
        "sanctions": dict(result.sanctions),
        "reasons": result.reasons,
    }


def test_these_policies_are_shipped_and_no_others() -> None:
    assert set(shipped()) == set(WORLDS)


@every_policy
def test_a_shipped_policy_loads_by_its_name_for_its_world(name: str) -> None:
    policy = load(name)
    assert (policy.name, policy.world) == (name, WORLDS[name])


@every_policy
def test_its_cases_hold_under_the_plain_reading(name: str) -> None:
    policy = load(name)
    assert len(policy.cases) >= LEAST_CASES
    for case in policy.cases:
        found = plainly(policy, case, points=case.expect.get("points", {}))
        expected = {part: list(value) if isinstance(value, tuple) else value for part, value in case.expect.items()}
        assert {part: found[part] for part in expected} == expected, f"{name}, line {case.line}: {case.name}"


@every_policy
def test_its_cases_hold_under_the_engine(name: str) -> None:
    assert cases.failures(load(name)) == []


@every_policy
def test_its_cases_show_every_factor_tier_list_perk_and_sanction(name: str) -> None:
    policy = load(name)
    shown: dict[str, set[str]] = {"factors": set(), "tiers": set(), "lists": set(), "perks": set(), "sanctions": set()}
    for case in policy.cases:
        shown["factors"] |= {factor for factor, points in case.expect.get("points", {}).items() if points}
        shown["tiers"] |= {str(case.expect.get("tier"))}
        for part in ("lists", "perks", "sanctions"):
            shown[part] |= set(case.expect.get(part, ()))
    for part, names in shown.items():
        assert {one.name for one in getattr(policy, part)} <= names, f"{name}: {part}"


@every_policy
def test_every_rule_has_a_source_but_the_one_that_has_none_on_purpose(name: str) -> None:
    bare = {(name, group, rule["name"]) for group, rule in rules_of(load(name)) if not rule.get("sources")}
    assert bare == {one for one in UNSOURCED_ON_PURPOSE if one[0] == name}


@every_policy
def test_every_number_stands_under_a_source(name: str) -> None:
    """A number of a factor, list or sanction stands under its own sources, every other under the document's."""
    document = load(name).document
    for path, value in walk(document):
        if path and path[0] not in {"cases", "goodstanding"} and isinstance(value, int) and not isinstance(value, bool):
            rule = document[path[0]][path[1]] if path[0] in RULES else document
            assert rule["sources"], f"{name}: {path}"


@every_policy
def test_a_source_is_a_page_or_says_that_it_is_recalled_or_assumed(name: str) -> None:
    for source in sources_of(load(name)):
        ours = source["title"].startswith(("assumption: ", "recalled: "))
        assert ours != ("url" in source), source


@every_policy
def test_a_page_has_a_well_formed_address_and_a_weak_one_is_called_weak(name: str) -> None:
    for source in sources_of(load(name)):
        if "url" in source:
            address = urlsplit(source["url"])
            assert address.scheme in {"http", "https"}, source
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", address.netloc), source
            assert re.fullmatch(r"[!-~]+", source["url"]), source
            assert address.netloc not in WEAK_HOSTS or source["title"].startswith("weak page"), source


@every_policy
def test_every_text_is_there_in_english_and_chinese_with_the_same_placeholders(name: str) -> None:
    for path, value in walk(load(name).document):
        if path and path[-1] in TEXTS and "sources" not in path and path[0] != "cases":
            assert isinstance(value, dict), f"{name}: {path}"
            assert set(value) == {"en", "zh"}, f"{name}: {path}"
            assert CHINESE.search(value["zh"]) or len(value["zh"]) == 1, f"{name}: {path}"
            assert not CHINESE.search(value["en"]), f"{name}: {path}"
            english, chinese = (sorted(set(PLACEHOLDER.findall(value[lang]))) for lang in ("en", "zh"))
            assert english == chinese, f"{name}: {path}"


def test_the_same_type_arises_in_the_same_walk_of_life_everywhere() -> None:
    contexts: dict[str, set[str | None]] = {}
    for name in WORLDS:
        for entry in load(name).catalogue.values():
            contexts.setdefault(entry.type, set()).add(entry.context)
    assert {type_: found for type_, found in contexts.items() if len(found) > 1} == {}


def test_sesame_moves_its_dimensions_as_35_25_20_15_and_5() -> None:
    sesame = load("sesame")
    moves = dict.fromkeys((dimension.name for dimension in sesame.dimensions), 0)
    for factor in sesame.document["factors"]:
        given = factor["points"], factor["measure"]
        moves[factor["dimension"]] += most(*given) - least(*given)
    hundredths = {name: 100 * moved / sum(moves.values()) for name, moved in moves.items()}
    assert hundredths == {"history": 35, "ability": 25, "behaviour": 20, "identity": 15, "connections": 5}


def test_sesame_reaches_its_highest_score_and_no_dimension_is_ever_held() -> None:
    sesame = load("sesame")
    for dimension in sesame.dimensions:
        rules = [rule for rule in sesame.document["factors"] if rule["dimension"] == dimension.name]
        assert dimension.least == sum(least(rule["points"], rule["measure"]) for rule in rules)
        assert dimension.most == sum(most(rule["points"], rule["measure"]) for rule in rules)
    assert sesame.base + sum(dimension.most or 0 for dimension in sesame.dimensions) == sesame.most == 950


@pytest.mark.parametrize("clause", range(1, 8))
def test_national_breaks_each_clause_of_the_charter(clause: int) -> None:
    national = load("national")
    assert any(f"clause {clause}:" in breach.found for breach in charter_breaches(national))


def test_national_is_refused_in_a_live_world_clause_by_clause() -> None:
    text = Path(shipped()["national"]).read_text(encoding="utf-8")
    assert text.count("\nworld: synthetic\n") == 1
    with pytest.raises(CharterError) as refused:
        loads(text.replace("\nworld: synthetic\n", "\nworld: live\n"), "national.yaml")
    named = re.findall(r"^national\.yaml:\d+: .*charter, clause (\d):", str(refused.value), re.MULTILINE)
    assert sorted(set(named)) == ["1", "2", "3", "4", "5", "6", "7"]


@every_live_policy
def test_a_live_policy_keeps_the_charter(name: str) -> None:
    assert charter_breaches(load(name)) == ()
