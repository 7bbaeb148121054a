"""The pages made out of the code are as the code is now, and leave nothing out."""

from pathlib import Path

import pytest

from devtools import cli_page, pages, policy_page
from goodstanding.measures import MEASURES
from goodstanding.points import FORMS
from goodstanding.policy.check import POLICY_KEYS


def test_the_generated_pages_are_fresh() -> None:
    assert pages.stale() == []


def test_a_page_that_was_edited_or_is_missing_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    pages.write()
    assert pages.stale() == []
    (tmp_path / "policy-format.md").write_text(policy_page.text() + "\n", encoding="utf-8")
    (tmp_path / "cli.md").unlink()
    assert pages.stale() == ["policy-format.md", "cli.md"]
    assert pages.main(["--check"]) == 1


def test_the_policy_format_shows_every_part_kind_of_measure_and_form_of_points() -> None:
    text = policy_page.text()
    paths = [path for path, _ in policy_page.parts_within(POLICY_KEYS)]
    assert {"score", "score.requires", "factors", "lists", "perks.when", "cases.expect"} <= set(paths)
    assert [kind for kind in [*MEASURES, *FORMS] if f"\n### `{kind}`\n" not in text] == []
    assert [key.name for key in POLICY_KEYS if f"\n| `{key.name}` | {key.about} |" not in text] == []


def test_the_page_of_commands_shows_every_command_its_parameters_and_examples() -> None:
    text = cli_page.text()
    wanted = ["policy check", "policy list", "policy show", "policy diff", "score", "explain", "whatif", "reach"]
    wanted += ["compare", "evaluate", "announce", "book build", "book info", "demo"]
    sections = {part.partition("`")[0]: part for part in text.split("\n## `goodstanding ")[1:]}
    assert set(wanted) <= set(sections)
    assert [name for name in wanted if f"```sh\ngoodstanding {name}" not in sections[name]] == []
    assert "| `--as-of TIME` |" in sections["score"]
    assert "must be given" in sections["score"]


def test_every_command_can_answer_with_json() -> None:
    sections = {part.partition("`")[0]: part for part in cli_page.text().split("\n## `goodstanding ")[1:]}
    without = [
        path for path in cli_page.commands() if "| `--json` |" not in sections[path.removeprefix("goodstanding ")]
    ]
    assert without == []
