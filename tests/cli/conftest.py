"""What the tests of commands share: the commands themselves, run in a folder of small files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from goodstanding.cli import app
from goodstanding.testing import as_yaml, small_policy

AS_OF = "2020-01-01T00:00:00Z"
EVENTS = """id,source,type,person,time,amount,value,label,party,matter,recorded,replaces
e1,bank,a,p,2019-11-01T00:00:00Z,,0,,,,2019-11-02T00:00:00Z,
e2,bank,a,p,2019-12-01T00:00:00Z,,7,,,,2019-12-20T00:00:00Z,
e3,bank,a,q,2019-12-01T00:00:00Z,,0,,,,2019-12-02T00:00:00Z,
e4,court,b,q,2019-12-05T00:00:00Z,,,,,case-1,2019-12-06T00:00:00Z,
"""
TIES = "a,b,since,until,kind\np,q,2019-01-01T00:00:00Z,,friend\n"
DOCUMENT = small_policy(
    {
        "name": "on_time",
        "title": {"en": "On time", "zh": "按时"},
        "measure": {"kind": "share", "among": "a", "of": {"value": {"max": 0}}},
        "points": {"bands": [{"points": 0}, {"from": 0.6, "points": 10}, {"from": 1, "points": 40}]},
        "reason": {"code": "R1", "text": "Late"},
    },
    {"name": "listed", "measure": {"kind": "on_list", "list": "l"}, "points": {"each": {"points": -30}}},
    {"name": "friends", "measure": {"kind": "ties", "take": "count"}},
    score={"base": 0, "min": -100, "max": 100},
    lists=[{"name": "l", "title": {"en": "The list", "zh": "名单"}, "opened": "b", "closed": "c", "key": "matter"}],
    tiers=[{"name": "low", "title": "Low"}, {"name": "high", "title": {"en": "High", "zh": "高"}, "from": 15}],
    perks=[
        {"name": "door", "title": "Door", "giver": "shop", "when": {"score": 5}},
        {"name": "gate", "title": "Gate", "giver": "shop", "when": {"score": -50, "not_on": ["l"]}},
    ],
    sanctions=[{"name": "ban", "title": "Ban", "actions": ["x"], "when": {"on": ["l"]}, "remedy": "Pay."}],
    announcements=[
        {"name": "hall", "place": "hall", "text": {"en": "{ban.remedy}", "zh": "请注意。"}, "sanctions": ["ban"]}
    ],
    cases=[
        {
            "name": "one",
            "as_of": AS_OF,
            "events": [{"type": "a", "time": "2019-12-01T00:00:00Z", "value": 0}],
            "expect": {"score": 40},
        }
    ],
)

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a policy, events, ties and people, in which the commands run."""
    (tmp_path / "policy.yaml").write_text(as_yaml(DOCUMENT), encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    (tmp_path / "ties.csv").write_text(TIES, encoding="utf-8")
    (tmp_path / "people.csv").write_text("person\nq\nr\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Run a command; whatever was not said in the claim is said by hand: exit code, output, standard error."""

    def invoke(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="goodstanding")
        assert result.exit_code == code, result.output
        return result

    return invoke
