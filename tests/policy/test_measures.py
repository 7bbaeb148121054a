"""Measures: what each kind reads off a drawn table of events; compiled, and in the plain reading, it is the same."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.document import Findings, read
from goodstanding.document.kinds import Unread
from goodstanding.filters import Filter
from goodstanding.measures import (
    DECAY_SCALE,
    MEASURE,
    MEASURES,
    Compiled,
    Count,
    Measure,
    OnList,
    Operation,
    Reading,
    Ties,
    decay_weight,
    decay_weights,
    register,
)
from goodstanding.reference import section_3_measures as plain_reading

DAY = 86_400_000_000
TYPES = ("bill.paid", "bill.missed", "card.limit")
NAMES = {"type": TYPES, "prefix": ("bill.*", "card.*"), "list": ("defaulters",)}


def measure(written: Mapping[str, Any] | str) -> Measure:
    findings = Findings("m.yaml")
    findings.names = NAMES
    text = written if isinstance(written, str) else yaml.safe_dump(dict(written))
    found = MEASURE.read(read(text), findings)
    assert not isinstance(found, Unread), findings.problems
    return found


def event(type_: str, day: int, **columns: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("amount", "value", "label", "party", "matter", "replaces", "recorded"))
    return {**empty, "id": f"e{day}", "source": "s", "type": type_, "person": "p", "time": day * DAY, **columns}


EVENTS = [
    event("bill.paid", 0, amount=100, value=0, label="gas", party="a"),
    event("bill.paid", 1, amount=300, value=5, label="water", party="b"),
    event("card.limit", 2, amount=1000),
    event("bill.paid", 3, value=-2, party="a"),
    event("bill.missed", 4, amount=-50, label="gas"),
    event("bill.paid", 5, amount=100, value=0),
]
AS_OF = 10 * DAY + 1


def n(numerator: int, *used: int, over: int = 1) -> Reading:
    return Reading(numerator, over, None, used)


@pytest.mark.parametrize(
    ("written", "reading"),
    [
        ("{kind: count, of: bill.*}", n(5, 0, 1, 3, 4, 5)),
        ("{kind: count, of: {type: bill.paid, label: gas}}", n(1, 0)),
        ("{kind: sum, of: bill.*, field: amount}", n(450, 0, 1, 4, 5)),
        ("{kind: sum, of: card.limit, field: value}", n(0)),
        ("{kind: mean, of: bill.paid, field: amount}", n(500, 0, 1, 5, over=3)),
        ("{kind: mean, of: card.limit, field: value}", Reading()),
        ("{kind: min, of: bill.paid, field: amount}", n(100, 0)),
        ("{kind: max, of: bill.paid, field: value}", n(5, 1)),
        ("{kind: min, of: card.limit, field: value}", Reading()),
        ("{kind: max, of: card.limit, field: value}", Reading()),
        ("{kind: latest, of: bill.paid, field: amount}", n(100, 5)),
        ("{kind: latest, of: bill.paid, field: label}", Reading(label="water", used=(1,))),
        ("{kind: latest, of: card.limit, field: label}", Reading()),
        ("{kind: days_since_first, of: bill.*}", n(10, 0)),
        ("{kind: days_since_last, of: bill.missed}", n(6, 4)),
        ("{kind: days_since_last, of: {type: bill.missed, label: tax}}", Reading()),
        ("{kind: distinct, of: bill.*, field: label}", n(2, 0, 1, 4)),
        ("{kind: distinct, of: card.limit, field: party}", n(0)),
        ("{kind: share, among: bill.paid, of: {value: {max: 0}}}", n(3, 0, 1, 3, 5, over=4)),
        ("{kind: share, among: bill.paid, of: {}}", n(4, 0, 1, 3, 5, over=4)),
        ("{kind: share, among: bill.*, of: {label: gas}, by: amount}", n(50, 0, 1, 4, 5, over=450)),
        ("{kind: share, among: bill.missed, of: {}, by: amount}", Reading(used=(4,))),
        ("{kind: share, among: {type: bill.paid, label: tax}, of: {}}", Reading()),
        ("{kind: ratio, of: bill.paid, to: card.limit, field: amount}", n(500, 0, 1, 2, 5, over=1000)),
        ("{kind: ratio, of: card.limit, to: bill.missed, field: amount}", Reading(used=(2, 4))),
        ("{kind: ratio, of: bill.paid, to: card.limit, field: amount, take: latest}", n(100, 2, 5, over=1000)),
        ("{kind: ratio, of: card.limit, to: bill.paid, field: value, take: latest}", Reading(used=(5,))),
        ("{kind: ratio, of: bill.paid, to: card.limit, field: value, take: latest}", Reading(used=(5,))),
        ("{kind: streak, among: bill.*, of: {type: bill.paid}}", n(1, 5)),
        ("{kind: streak, among: bill.paid, of: {value: {max: 0}}}", n(2, 3, 5)),
        ("{kind: streak, among: card.limit, of: {label: x}}", n(0)),
        ("{kind: decayed, of: bill.missed, half_life: 6d}", n(DECAY_SCALE // 2, 4, over=DECAY_SCALE)),
    ],
)
def test_a_measure_reads_a_number_and_says_by_which_events(written: str, reading: Reading) -> None:
    assert measure(written).by_hand(EVENTS, AS_OF) == reading


def test_nothing_is_neither_a_number_nor_a_label() -> None:
    assert [Reading().is_nothing, Reading(0, 1).is_nothing, Reading(label="").is_nothing] == [True, False, False]


@pytest.mark.parametrize(
    ("take", "scores", "reading"),
    [
        ("count", [700, 500], Reading(2, 1)),
        ("count", [], Reading(0, 1)),
        ("mean", [700, 501], Reading(1201, 2)),
        ("min", [700, 500], Reading(500, 1)),
        ("max", [700, 500], Reading(700, 1)),
        ("mean", [], Reading()),
        ("min", [], Reading()),
        ("max", [], Reading()),
    ],
)
def test_ties_read_the_own_scores_of_others(take: str, scores: list[int], reading: Reading) -> None:
    assert Ties(take).of_scores(scores) == reading
    assert Ties(take).can_be_nothing is (take != "count")


@pytest.mark.parametrize("outside", [OnList("defaulters"), Ties("count")])
def test_lists_and_ties_are_not_read_off_events(outside: Measure) -> None:
    assert outside.filters() == ()
    assert outside.compiled().operations == ()
    with pytest.raises(TypeError, match=f"{outside.kind} is not read off events"):
        outside.by_hand(EVENTS, AS_OF)


# --- Every kind of the register ---------------------------------------------------------------------------------------


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="two kinds of measure are called 'count'"):
        register(Count)


@pytest.mark.parametrize("kind", MEASURES.values(), ids=MEASURES)
def test_every_kind_has_an_example_that_reads_as_it_and_sentences_in_two_languages(kind: type[Measure]) -> None:
    findings = Findings("m.yaml")
    named = [word for word in kind.example.values() if isinstance(word, str) and "." in word]
    findings.names = {"type": tuple(named), "list": ("defaulters",)}
    found = MEASURE.read(read(yaml.safe_dump(dict(kind.example))), findings)
    assert isinstance(found, kind)
    assert set(found.sentence) == set(kind.sentences) == {"en", "zh"}
    assert kind.about
    assert all(key.about for key in kind.parameters)


def test_the_latest_label_is_told_as_a_label() -> None:
    label, number = (measure(f"{{kind: latest, of: bill.paid, field: {field}}}") for field in ("label", "value"))
    assert (label.is_label, number.is_label) == (True, False)
    assert not measure("{kind: count, of: bill.paid}").is_label
    assert "{label}" in label.sentence["en"]
    assert "{numerator}" in number.sentence["en"]


KINDS_THAT_CAN_BE_NOTHING = {
    "mean",
    "min",
    "max",
    "latest",
    "days_since_first",
    "days_since_last",
    "share",
    "ratio",
    "ties",
}


def test_those_kinds_can_be_nothing_of_which_the_specification_says_so() -> None:
    findings = Findings("m.yaml")
    findings.names = {
        "type": ("bill.paid", "degree.earned", "purchase.made", "account.opened", "balance.stated"),
        "list": ("defaulters",),
    }
    findings.names = {**findings.names, "type": (*findings.names["type"], "card.balance", "card.limit")}
    read_all = [MEASURE.read(read(yaml.safe_dump(dict(kind.example))), findings) for kind in MEASURES.values()]
    assert findings.problems == ()
    assert {
        one.kind for one in read_all if isinstance(one, Measure) and one.can_be_nothing
    } == KINDS_THAT_CAN_BE_NOTHING


# --- Compiled, by hand, and in the plain reading ----------------------------------------------------------------------


def run(operation: Operation, events: Sequence[Mapping[str, Any]], as_of: int) -> Any:
    """One operation in plain Python, as its docstring says."""

    def passes(filters: tuple[Filter, ...], one: Mapping[str, Any]) -> bool:
        return all(test.matches(one) for test in filters)

    field = operation.field
    chosen = [one for one in events if passes(operation.where, one) and (field is None or one[field] is not None)]
    values = [one[field] for one in chosen] if field else []
    ages = [(as_of - one["time"]) // DAY for one in chosen]
    streak = 0
    for one in chosen:
        streak = streak + 1 if passes(operation.onward, one) else 0
    results: dict[str, Any] = {
        "count": len(chosen),
        "sum": sum(values) if operation.code == "sum" else None,
        "min": min(values, default=None) if operation.code == "min" else None,
        "max": max(values, default=None) if operation.code == "max" else None,
        "last": values[-1] if values else None,
        "first_age": ages[0] if ages else None,
        "last_age": ages[-1] if ages else None,
        "distinct": len(set(values)),
        "streak": streak,
        "decay": sum(decay_weight(operation.half_life_days, age) for age in ages) if operation.half_life_days else None,
    }
    return results[operation.code]


def result(compiled: Compiled, events: Sequence[Mapping[str, Any]], as_of: int) -> Fraction | str | None:
    """What the operations come to, in the form that the measure has."""
    slots = [run(operation, events, as_of) for operation in compiled.operations]
    if compiled.form == "fraction":
        dividend, divisor = slots
        return None if dividend is None or divisor is None or divisor <= 0 else Fraction(dividend, divisor)
    if compiled.form == "label" or slots[0] is None:
        return slots[0]  # type: ignore[no-any-return]
    return Fraction(slots[0], compiled.scale)


FIELDS = st.sampled_from(("amount", "value"))
FILTERS = st.one_of(
    st.sampled_from((*TYPES, "bill.*")),
    st.fixed_dictionaries(
        {"type": st.lists(st.sampled_from((*TYPES, "card.*")), min_size=1, max_size=2)},
        optional={
            "label": st.sampled_from(("x", "y")),
            "source": st.lists(st.sampled_from(("s", "t")), min_size=1, max_size=2),
            "value": st.fixed_dictionaries({"min": st.integers(-2, 2)}),
            "amount": st.fixed_dictionaries({"max": st.sampled_from((-0.5, 0, 1.5))}),
        },
    ),
)
REFINEMENTS = st.fixed_dictionaries(
    {}, optional={"type": st.sampled_from(TYPES), "label": st.just("x"), "value": st.just({"min": 0})}
)


def of_kind(kind: str, **parameters: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), **parameters})


DRAWN = {
    "count": of_kind("count", of=FILTERS),
    "sum": of_kind("sum", of=FILTERS, field=FIELDS),
    "mean": of_kind("mean", of=FILTERS, field=FIELDS),
    "min": of_kind("min", of=FILTERS, field=FIELDS),
    "max": of_kind("max", of=FILTERS, field=FIELDS),
    "latest": of_kind("latest", of=FILTERS, field=st.sampled_from(("amount", "value", "label"))),
    "days_since_first": of_kind("days_since_first", of=FILTERS),
    "days_since_last": of_kind("days_since_last", of=FILTERS),
    "distinct": of_kind("distinct", of=FILTERS, field=st.sampled_from(("label", "party", "matter", "source"))),
    "share": of_kind("share", among=FILTERS, of=REFINEMENTS)
    | of_kind("share", among=FILTERS, of=REFINEMENTS, by=FIELDS),
    "ratio": of_kind("ratio", of=FILTERS, to=FILTERS, field=FIELDS, take=st.sampled_from(("sum", "latest"))),
    "streak": of_kind("streak", among=FILTERS, of=REFINEMENTS),
    "decayed": of_kind("decayed", of=FILTERS, half_life=st.sampled_from(("1d", "3d", "90d"))),
}

NUMBERS = st.none() | st.integers(-3, 3)
WORDS = st.none() | st.sampled_from(("x", "y"))
TABLES = st.lists(
    st.builds(
        event,
        st.sampled_from(TYPES),
        st.integers(0, 40),
        id=st.uuids().map(str),
        source=st.sampled_from(("s", "t")),
        amount=NUMBERS,
        value=NUMBERS,
        label=WORDS,
        party=WORDS,
        matter=WORDS,
    ),
    max_size=12,
).map(lambda events: sorted(events, key=lambda one: (one["time"], one["source"], one["id"])))


def test_every_kind_that_reads_events_is_drawn() -> None:
    assert set(DRAWN) == set(MEASURES) - {"on_list", "ties"}


@pytest.mark.parametrize("kind", DRAWN)
@given(data=st.data())
def test_by_hand_compiled_and_read_plainly_a_measure_is_the_same(kind: str, data: st.DataObject) -> None:
    written, events = data.draw(DRAWN[kind]), data.draw(TABLES)
    as_of = 40 * DAY + data.draw(st.integers(0, DAY))
    found = measure(written)
    by_hand = found.by_hand(events, as_of)
    plainly = plain_reading.read_measure(written, None, events, as_of)
    pair = (
        None if by_hand.numerator is None or by_hand.denominator is None else (by_hand.numerator, by_hand.denominator)
    )
    assert (pair, by_hand.label) == (plainly.fraction, plainly.label)
    assert [events[index] for index in by_hand.used] == list(plainly.used)
    exact = by_hand.label if pair is None else Fraction(*pair)
    assert result(found.compiled(), events, as_of) == exact
    assert found.can_be_nothing is plain_reading.can_be_nothing(written)
    assert found.can_be_nothing or not by_hand.is_nothing


# --- Weights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("half_life", [1, 2, 3, 7, 30, 90, 365])
def test_a_weight_is_the_nearest_whole_number_and_a_half_rounds_up(half_life: int) -> None:
    """Decided by whole numbers alone: w is nearest where (2w − 1)^h ≤ 2^(21h − a) < (2w + 1)^h."""
    for age, weight in enumerate(decay_weights(half_life, 22 * half_life)):
        doubled = Fraction(2) ** (21 * half_life - age)
        assert doubled < (2 * weight + 1) ** half_life
        assert weight == 0 or (2 * weight - 1) ** half_life <= doubled


def test_weights_halve_and_end_in_nothing() -> None:
    assert decay_weights(1, 23) == [2**20 // 2**age for age in range(21)] + [1, 0, 0]
    assert decay_weights(36_500, 0) == [DECAY_SCALE]
    assert [decay_weight(2, age) for age in (0, 2, 42, 43, 44)] == [DECAY_SCALE, DECAY_SCALE // 2, 1, 0, 0]


def test_a_weight_near_a_half_is_decided_exactly() -> None:
    """The ages at which floating point alone could go wrong are those whose power ends in nearly a half."""
    half_life = 36_500
    near = [age for age in range(300_000) if abs((power := 2.0 ** (20 - age / half_life)) - ceil(power) + 0.5) < 3e-6]
    assert near
    for age in near[:3]:
        weight = decay_weight(half_life, age)
        exponent = 21 * half_life - age
        assert (2 * weight - 1) ** half_life <= 1 << exponent < (2 * weight + 1) ** half_life
