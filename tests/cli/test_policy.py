"""`policy check`, `list`, `show` and `diff`, and `announce`."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from goodstanding.cli.policy import refused
from goodstanding.errors import InputError
from goodstanding.policy import shipped


def test_a_sound_policy_is_said_to_be_so(run: Any) -> None:
    assert run("policy", "check", "policy.yaml").stdout == "policy.yaml: sound; 3 rules, 1 case, all as expected\n"


def test_every_error_of_every_file_is_told_with_its_place(run: Any, folder: Path) -> None:
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    (folder / "a.yaml").write_text(text.replace("catalogue:", "catalog:"), encoding="utf-8")
    (folder / "b.yaml").write_text(text.replace('"score": 40', '"score": 41'), encoding="utf-8")
    result = run("policy", "check", "a.yaml", "policy.yaml", "b.yaml", "none.yaml", code=1)
    lines = result.stderr.splitlines()
    assert any(line.startswith("a.yaml:") and "did you mean 'catalogue'?" in line for line in lines)
    assert any(line.startswith("b.yaml:") and line.endswith("case 'one' gave score 40; expected 41") for line in lines)
    assert lines[-1].startswith("none.yaml: there is no such policy; expected a file, or a shipped policy: ")
    assert result.stdout == "policy.yaml: sound; 3 rules, 1 case, all as expected\n"


def test_a_circle_of_corrections_in_a_case_is_told_with_its_line_and_other_files_too(run: Any, folder: Path) -> None:
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    event = '{"type": "a", "time": "2019-12-01T00:00:00Z", "value": 0}'
    circle = f'{event[:-1]}, "id": "x", "replaces": "y"}}, {event[:-1]}, "id": "y", "replaces": "x"}}'
    assert text.count(event) == 1
    (folder / "a.yaml").write_text(text.replace(event, circle), encoding="utf-8")
    result = run("policy", "check", "a.yaml", "policy.yaml", code=1)
    assert re.match(r"a\.yaml:\d+: case 'one': event 'x' replaces itself, through others; expected", result.stderr)
    assert result.stdout == "policy.yaml: sound; 3 rules, 1 case, all as expected\n"


def test_an_error_of_one_sentence_is_a_problem_too() -> None:
    told = refused("a.yaml", InputError("so it is not"))
    assert not told["sound"]
    assert [problem["said"] for problem in told["problems"]] == ["a.yaml: so it is not"]


def test_errors_are_told_as_json_too(run: Any, folder: Path) -> None:
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    (folder / "b.yaml").write_text(text.replace('"score": 40', '"score": 41'), encoding="utf-8")
    found = json.loads(run("policy", "check", "policy.yaml", "b.yaml", "--json", code=1).stdout)
    assert [one["sound"] for one in found] == [True, False]
    assert found[1]["problems"][0]["expected"] == "41"
    assert json.loads(run("policy", "check", "policy.yaml", "--json").stdout)[0]["problems"] == []


def test_more_errors_than_are_told_are_counted(run: Any, folder: Path) -> None:
    (folder / "a.yaml").write_text("".join(f"k{n}: 1\n" for n in range(2_000)), encoding="utf-8")
    assert " more" in run("policy", "check", "a.yaml", code=1).stderr.splitlines()[-1]


def test_the_shipped_policies_are_listed(run: Any) -> None:
    lines = run("policy", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines[1 : 1 + len(shipped())]] == sorted(shipped())
    assert [one["name"] for one in json.loads(run("policy", "list", "--json").stdout)] == sorted(shipped())
    assert "仿芝麻信用分" in run("policy", "list", "--lang", "zh").stdout


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_policy_can_be_shown(run: Any, name: str) -> None:
    assert name in run("policy", "show", name).stdout
    shown = json.loads(run("policy", "show", name, "--json", "--lang", "zh").stdout)
    assert shown["document"]["name"] == name
    assert len(shown["digest"]) == 64


def test_a_policy_is_shown_whole_with_its_announcements_filled(run: Any) -> None:
    text = run("policy", "show", "policy.yaml").stdout
    for said in (
        "  Everyone begins at 0; the score is never below -100 and never above 100.",
        "    On time (on_time), gives 0 to +40 points",
        "  High (high): from 15 points",
        "    opened by: ",
        "    given by: shop",
        "  [hall] Pay. (hall)",
        "  one (as of 2020-01-01, events: 1): score 40",
    ):
        assert f"\n{said}" in text, said


def test_a_policy_is_shown_in_chinese_under_chinese_heads(run: Any) -> None:
    lines = run("policy", "show", "policy.yaml", "--lang", "zh").stdout.splitlines()
    assert {"分数", "规则", "名单", "等级", "优惠", "惩戒", "广播"} <= set(lines)
    assert "  [hall] 请注意。（hall）" not in lines
    assert "  [hall] 请注意。 (hall)" in lines
    assert run("policy", "list", "--lang", "zh").stdout.startswith("名称")


def test_a_difference_is_a_sentence(run: Any, folder: Path) -> None:
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    (folder / "b.yaml").write_text(text.replace('"points": -30', '"points": -31'), encoding="utf-8")
    assert run("policy", "diff", "policy.yaml", "b.yaml").stdout == (
        "factors.listed.points.each.points changed from -30 to -31\n"
    )
    assert json.loads(run("policy", "diff", "policy.yaml", "b.yaml", "--json").stdout)[0]["after"] == -31
    assert run("policy", "diff", "policy.yaml", "policy.yaml").stdout == "The two policies say the same.\n"


# --- Announcements ----------------------------------------------------------------------------------------------------


def test_announcements_are_said_in_both_languages_and_as_json(run: Any) -> None:
    assert run("announce", "policy.yaml").stdout == "[hall] hall\nPay.\n\n"
    assert run("announce", "policy.yaml", "hall", "--lang", "zh").stdout == "[hall] hall\n请注意。\n\n"
    assert json.loads(run("announce", "policy.yaml", "--json").stdout) == [
        {"name": "hall", "place": "hall", "lang": "en", "text": "Pay."}
    ]


def test_what_is_not_announced_is_an_error_with_what_is(run: Any) -> None:
    assert "announces hall, not 'hal'; did you mean 'hall'?" in run("announce", "policy.yaml", "hal", code=2).stderr
    assert "announces hall, not 'zzz'\n" in run("announce", "policy.yaml", "zzz", code=2).stderr
    assert "has no announcements" in run("announce", "consumer-credit", code=2).stderr


ESPEAK = """#!/bin/sh
# Stands in for espeak-ng where that is not installed: writes down how it was called and what it was to say.
[ "$2" = cmn ] && [ "$GOODSTANDING_TEST_VOICE" = broken ] && { echo "no voice" >&2; exit 1; }
{ echo "$@" | sed 's/ [^ ]*wav//'; cat; } > "$4"
"""


@pytest.fixture
def voice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program on the path that is called as espeak-ng is."""
    program = folder / "bin" / "espeak-ng"
    program.parent.mkdir()
    program.write_text(ESPEAK, encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("voice")
def test_announcements_are_spoken_into_a_file(run: Any, folder: Path) -> None:
    assert "Spoken into hall.wav" in run("announce", "policy.yaml", "--audio", "hall.wav").stdout
    assert (folder / "hall.wav").read_text(encoding="utf-8") == "-v en -w --stdin\nPay."


@pytest.mark.usefixtures("voice")
def test_a_voice_that_fails_is_told_and_nothing_is_written(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODSTANDING_TEST_VOICE", "broken")
    result = run("announce", "policy.yaml", "--lang", "zh", "--audio", "hall.wav", code=1)
    assert result.stderr == "espeak-ng could not speak: no voice\n"
    assert not (folder / "hall.wav").exists()


def test_without_a_voice_that_is_said_with_what_to_do(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = run("announce", "policy.yaml", "--audio", "hall.wav", code=1)
    assert "--audio needs espeak-ng, which is not installed" in result.stderr
