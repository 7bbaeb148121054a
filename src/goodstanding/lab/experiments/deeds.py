"""What happened to a resident, in words: in English and Chinese, one line a month for each kind of event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from goodstanding.document.kinds import Text
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.experiments.shelf import scorers
from goodstanding.policy import Policy, load
from goodstanding.policy import shipped as shipped_policies

UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "days late": ("{n} days late", "逾期{n}天"),
    "months late": ("{n} months late", "逾期{n}个月"),
    "hours": ("{n} hours", "{n}小时"),
    "minutes": ("{n} minutes", "{n}分钟"),
    "points": ("{n} points", "{n}分"),
    "points by circumstances": ("{n} points", "{n}分"),
    "per cent": ("{n} %", "{n}%"),
}
"""What the value of an event is, by the catalogue's word for it."""

LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "food": ("food", "食品"), "clothes": ("clothes", "服装"), "electronics": ("electronics", "电子产品"),
    "games": ("games", "游戏"), "nappies": ("nappies", "纸尿裤"),
    "hotel": ("hotel", "酒店"), "flight": ("flight", "机票"), "insurance": ("insurance", "保险"),
    "praise": ("praise", "赞扬"), "critical": ("criticism", "批评"), "rumour": ("a rumour", "谣言"),
    "employed": ("employed", "就业"), "self_employed": ("self-employed", "自雇"), "student": ("student", "学生"),
    "retired": ("retired", "退休"), "unemployed": ("out of work", "失业"),
    "vocational": ("vocational", "职业学校"), "bachelor": ("bachelor", "本科"), "master": ("master", "硕士"),
}  # fmt: skip
"""The labels of a city's events."""

SHORT: Final[Mapping[str, tuple[str, str]]] = {
    "air.dangerous_goods": ("Brought forbidden goods on to a flight", "携带违禁品乘机"),
    "air.hindering": ("Hindered an air crew", "妨碍机组履职"),
    "air.disorder": ("Disorder in a cabin", "扰乱客舱秩序"),
    "rail.other_offence": ("Another offence on the railway", "其他铁路违法行为"),
    "loan.taken": ("A loan was taken", "获得贷款"),
    "booking.made": ("Something was booked", "预订"),
}
"""Titles of types that stand in no catalogue, or under words too long for a line."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a resident.

    Attributes:
        is_wrong: it did not happen, or not to this resident.
    """

    type: str
    label: str
    amount: int | None
    value: int | None
    is_wrong: bool = False


def told(happenings: Iterable[Happening], policy: Policy) -> list[dict[str, Any]]:
    """A month's events, those of one type and label together, in the order in which they first come."""
    together: dict[tuple[str, str, bool], list[Happening]] = {}
    for one in happenings:
        together.setdefault((one.type, one.label, one.is_wrong), []).append(one)
    return [_told(group, policy) for group in together.values()]


def _told(group: Sequence[Happening], policy: Policy) -> dict[str, Any]:
    first = group[0]
    amounts = [one.amount for one in group if one.amount is not None]
    values = [one.value for one in group if one.value is not None]
    amount = sum(amounts) if amounts else None
    value = max(values) if values else None
    return {
        "type": first.type,
        "count": len(group),
        "amount": amount,
        "value": value,
        "label": first.label or None,
        "en": _line(first, len(group), amount, value, policy, 0),
        "zh": _line(first, len(group), amount, value, policy, 1),
    }


MANY: Final = (" ×{n}", "（{n}次）")
LABEL: Final = (": {label}", "：{label}")
YUAN: Final = (", {n} yuan", "，{n}元")
VALUE: Final = (", {value}", "，{value}")
MOST: Final = (", at most {value}", "，最多{value}")
WRONG: Final = (" (a wrong record)", "（记录有误）")
LANGS: Final = ("en", "zh")


def _line(first: Happening, many: int, amount: int | None, value: int | None, policy: Policy, lang: int) -> str:
    said = title_of(first.type, policy).in_(LANGS[lang])
    if first.label:
        said += LABEL[lang].format(label=LABELS.get(first.label, (first.label, first.label))[lang])
    if many > 1:
        said += MANY[lang].format(n=many)
    if amount:
        said += YUAN[lang].format(n=f"{amount / 100:,.0f}")
    unit = unit_of(first.type, policy)
    if value and unit in UNITS:
        said += (MOST if many > 1 else VALUE)[lang].format(value=UNITS[unit][lang].format(n=value))
    return said + (WRONG[lang] if first.is_wrong else "")


def title_of(type_: str, policy: Policy) -> Text:
    """What a type is called: by the policy, else by any policy that comes with this package."""
    if type_ in SHORT:
        return Text(dict(zip(LANGS, SHORT[type_], strict=True)))
    if type_ in policy.catalogue:
        return policy.catalogue[type_].title
    return _titles().get(type_, Text({"": type_}))


def unit_of(type_: str, policy: Policy) -> str:
    """What the value of a type is, by the same."""
    entry = policy.catalogue.get(type_)
    return str(entry.value) if entry is not None and entry.value is not None else _units().get(type_, "")


@cache
def _policies() -> tuple[Policy, ...]:
    return tuple(load(path) for path in (*shipped_policies().values(), *scorers().values()))


@cache
def _titles() -> dict[str, Text]:
    found: dict[str, Text] = {}
    for policy in _policies():
        for type_, entry in policy.catalogue.items():
            found.setdefault(type_, entry.title)
    return found


@cache
def _units() -> dict[str, str]:
    found: dict[str, str] = {}
    for policy in _policies():
        for type_, entry in policy.catalogue.items():
            if entry.value is not None:
                found.setdefault(type_, str(entry.value))
    return found


def untold() -> list[str]:
    """Types that happen in a city and that no catalogue has a word for."""
    return sorted({type_ for type_, _, _ in KINDS if type_} - _titles().keys() - SHORT.keys())
