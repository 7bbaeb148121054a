"""The pages of the laboratory's measures and findings leave nothing out, and say where there was no run."""

import pytest

from devtools import findings_page, measures_page
from goodstanding.lab.findings import FINDINGS, committed_digest, document_of, judged
from goodstanding.lab.findings.living import ARMS
from goodstanding.lab.findings.model import Table
from goodstanding.lab.measures import MEASURES
from goodstanding.lab.measures.groups import GROUPS


def test_the_page_of_measures_shows_every_measure_and_group() -> None:
    text = measures_page.text()
    assert [name for name in MEASURES if text.count(f"\n| `{name}` | ") != 1] == []
    assert [name for name in GROUPS if name and f"\n| `{name}` | " not in text] == []


def test_the_page_of_findings_says_how_each_is_judged() -> None:
    text = findings_page.text()
    assert committed_digest() in text
    for one in FINDINGS:
        assert f"\n| {one.name} | {one.title} | " in text
    assert "\n| E9a | | friends of a resident | falls | the whole interval below 0; within ±0.05 it is a miss |" in text
    assert "the whole interval within 6 to 16 (%)" in text
    assert "E13 (awareness, approval, behaviour) was searched for and not found; it is not used." in text


def test_without_a_whole_run_the_page_says_so_and_with_one_it_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings_page, "last_run", lambda: None)
    assert findings_page.text().endswith("## The last whole run\n\nThere was none yet.\n")
    nothing: dict[str, float] = {}
    table = Table((1, 2), {(arm, seed): nothing for arm in ARMS for seed in (1, 2)})
    for quantity in ("degree", "alike", "pieces"):
        table.values = {job: {**figures, quantity: 1.0} for job, figures in table.values.items()}
    document = document_of(judged(table), table, 1_000)
    monkeypatch.setattr(findings_page, "last_run", lambda: document)
    text = findings_page.text()
    assert "\n1,000 residents (10,000 where listings count), 12 + 24 months, 2 seeds, parameters `" in text
    assert text.count("\n### E") == 12
