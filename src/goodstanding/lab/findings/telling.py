"""The outcome of a run of the findings, as a document that can be kept and read back, as text, and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from math import isfinite
from typing import Any, Final

import orjson

from goodstanding.document.kinds import Text
from goodstanding.lab.findings.living import ARMS, MONTHS, WARM_UP
from goodstanding.lab.findings.model import VERDICTS, Band, Outcome, Rule, Sign, Table, Trial, Verdict
from goodstanding.lab.findings.running import committed_digest
from goodstanding.lab.measures import Interval
from goodstanding.lab.parameters import load

LAST_RUN: Final = "last-run.json"
"""The outcome of the last whole run, kept with the package; the documentation's page is made of it."""

UNITS: Final[Mapping[str, Text]] = {
    "share": Text({"en": "%", "zh": "%"}),
    "ratio": Text({"en": "", "zh": ""}),
    "ties": Text({"en": "ties", "zh": "个关系"}),
    "correlation": Text({"en": "", "zh": ""}),
    "pieces": Text({"en": "pieces", "zh": "块"}),
    "effort": Text({"en": "", "zh": ""}),
    "points": Text({"en": "points", "zh": "分"}),
}


def document_of(outcomes: Sequence[Outcome], table: Table, residents: int) -> dict[str, Any]:
    """Everything that a run says, in plain values; null where there is no number."""
    digest = load().digest
    return {
        "residents": residents,
        "residents_of_listings": residents * max(arm.times for arm in ARMS.values()),
        "warm_up_months": WARM_UP,
        "months": MONTHS,
        "seeds": list(table.seeds),
        "parameters": digest,
        "parameters_as_committed": digest == committed_digest(),
        "summary": dict(Counter(one.verdict for one in outcomes)),
        "findings": [_finding(one) for one in outcomes],
        "figures": [
            {"arm": arm, "seed": seed, **{name: _number(value) for name, value in figures.items()}}
            for (arm, seed), figures in sorted(table.values.items())
        ],
    }


def _finding(one: Outcome) -> dict[str, Any]:
    finding = one.finding
    said = {name: dict(getattr(finding, name).said) for name in ("title", "published", "compared", "why")}
    tests = [_test(*test) for test in one.tests]
    return {"name": finding.name, **said, "source": finding.source, "verdict": one.verdict, "tests": tests}


def _test(test: Trial, found: Interval, verdict: Verdict) -> dict[str, Any]:
    return {
        "name": test.name,
        "what": dict(test.what.said),
        "published": dict(test.published.said),
        "unit": test.unit,
        "mean": _number(found.mean),
        "low": _number(found.low),
        "high": _number(found.high),
        "seeds": found.seeds,
        "verdict": verdict,
    }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def last_run() -> dict[str, Any] | None:
    """The document of the last whole run; None where there was none yet."""
    kept = files("goodstanding.lab.findings") / LAST_RUN
    return orjson.loads(kept.read_bytes()) if kept.is_file() else None


def summary(document: Mapping[str, Any], language: str = "en") -> str:
    """How many findings came out how, in one sentence: those first that a wrong model could fail."""
    counts = document["summary"]
    said = [f"{counts[one]} {VERDICTS[one].in_(language)}" for one in VERDICTS if counts.get(one)]
    total = sum(counts.values())
    if language.startswith("zh"):
        return f"{total} 项已公布的发现：{'，'.join(said)}。"
    return f"Of {total} published findings: {', '.join(said)}."


def figure(test: Mapping[str, Any], language: str = "en") -> str:
    """A figure with its interval: `12.3 % (10.1 to 14.5)`."""
    if test["mean"] is None:
        return {"en": "no figure", "zh": "无数值"}[_known(language)]
    unit = UNITS[test["unit"]].in_(language)
    mean = f"{_written(test['mean'], test['unit'])}{' ' if unit else ''}{unit}"
    if test["low"] is None or test["high"] is None:
        return mean
    low, high = (_written(test[end], test["unit"]) for end in ("low", "high"))
    return f"{mean} ({low} {'至' if _known(language) == 'zh' else 'to'} {high})"


def rule_said(rule: Rule, unit: str) -> str:
    """How a test is judged, in words."""
    if isinstance(rule, Sign):
        least = f"; within ±{_written(rule.least, unit)} it is a miss" if rule.least else ""
        return f"the whole interval {'above' if rule.side > 0 else 'below'} 0{least}"
    if isinstance(rule, Band):
        if not isfinite(rule.high):
            return f"the whole interval from {_written(rule.low, unit)} on"
        return f"the whole interval within {_written(rule.low, unit)} to {_written(rule.high, unit)}"
    return "no verdict"


def _known(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"


def _written(value: float, unit: str) -> str:
    """Three digits, with a true minus sign."""
    if unit == "share":
        value *= 100
    digits = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - whole numbers of three digits
    return digits.replace("-", "−")


HEADS: Final[Mapping[str, Sequence[str]]] = {
    "en": ("", "what", "published", "the model, 95 % interval", "verdict"),
    "zh": ("", "比较内容", "已公布", "模型（95% 区间）", "判定"),
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"published": "Published", "compared": "Compared here", "why": "To be held against it", "source": "Source"},
    "zh": {"published": "已公布", "compared": "此处比较", "why": "需要说明", "source": "来源"},
}


def markdown(document: Mapping[str, Any], language: str = "en") -> str:
    """The whole of it: one section a finding, with a table of its tests."""
    sections = [_section(finding, _known(language)) for finding in document["findings"]]
    return "\n\n".join([summary(document, language), *sections]) + "\n"


def _section(finding: Mapping[str, Any], language: str) -> str:
    verdict = VERDICTS[finding["verdict"]].in_(language)
    words = WORDS[language]
    colon = "：" if language == "zh" else ": "
    lines = [
        f"## {finding['name']} {finding['title'][language]}{colon}{verdict}",
        *(f"**{words[part]}**{colon}{finding[part][language]}" for part in ("published", "compared")),
    ]
    if finding["tests"]:
        lines.append("\n".join(_rows(finding["tests"], language)))
    lines += [f"**{words['why']}**{colon}{finding['why'][language]}", f"{words['source']}{colon}{finding['source']}"]
    return "\n\n".join(lines)


def _rows(tests: Sequence[Mapping[str, Any]], language: str) -> list[str]:
    rows = [
        (
            test["name"],
            test["what"][language],
            test["published"][language],
            figure(test, language),
            VERDICTS[test["verdict"]].in_(language),
        )
        for test in tests
    ]
    return [_row(HEADS[language]), _row(["---"] * len(HEADS[language])), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
