"""`lab report`: the page, the Markdown and the pictures, and what stands beside a run: findings and a sweep."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner, Result

from goodstanding.cli import app
from goodstanding.errors import InputError
from goodstanding.lab.experiments.surviving import CONCLUSIONS, POINTS_SCHEMA
from goodstanding.lab.report import markdown, read_beside, read_run, save_plots
from goodstanding.lab.report.beside import Beside, findings_told, sweep_told
from goodstanding.lab.report.markdown import escaped
from goodstanding.lab.report.part import Part
from tests.lab.reported import made_run

SIDES = {"baseline": "without-loyalty/standard", "other": "with-loyalty/standard"}


def text(said: str) -> dict[str, str]:
    return {"en": said, "zh": f"{said}（中文）"}


def finding(name: str, verdict: str, tests: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    said = {key: text(f"{key} of {name}") for key in ("title", "published", "compared", "why")}
    return {"name": name, **said, "source": "a paper", "verdict": verdict, "tests": list(tests)}


def figured(verdict: str, mean: float | None, low: float | None, high: float | None, unit: str) -> dict[str, Any]:
    figures = {"mean": mean, "low": low, "high": high, "seeds": 3, "unit": unit}
    return {"name": "a", "what": text("ties"), "published": text("falls"), "verdict": verdict, **figures}


FINDINGS = {
    "parameters_as_committed": True,
    "findings": [
        finding("E1 `behaviour_silence`", "missed", [figured("missed", 0.25, 0.2, 0.3, "share")]),
        finding(
            "E9", "reproduced", [figured("reproduced", -1.5, -2, -1, "ties"), figured("shown", 2, None, None, "ties")]
        ),
        finding("E8", "not_testable"),
        finding("E4", "undecided", [figured("undecided", None, None, None, "ties")]),
    ],
}


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("made") / "run")


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    folder = tmp_path / "findings"
    folder.mkdir()
    (folder / "findings.json").write_text(json.dumps(FINDINGS), encoding="utf-8")
    return folder


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    folder = tmp_path / "sweep"
    folder.mkdir()
    given = {**SIDES, "month": 7, "scorer": "", "group": "", "difference": 0.1, "draws": 20, "clear": 10}
    rows = [
        {**given, "measure": "friends.degree", "kept": 20, "reversed": 0, "hangs_on": None, "correlation": None},
        {**given, "measure": "welfare.mean", "kept": 2, "reversed": 9, "hangs_on": "behaviour_effort.size",
         "difference": -3.0, "other": "gone/standard", "correlation": 0.5},
        {**given, "measure": "speech.suppressed", "kept": 19, "reversed": 1, "hangs_on": "behaviour_silence.watched",
         "correlation": 0.9},
    ]  # fmt: skip
    parquet.write_table(pa.Table.from_pylist(rows, CONCLUSIONS), folder / "conclusions.parquet")
    points = [{"point": point, "name": name, "value": 1.0} for point in (1, 2) for name in ("a.b", "c.d")]
    parquet.write_table(pa.Table.from_pylist(points, POINTS_SCHEMA), folder / "points.parquet")
    return folder


def ran(*words: object) -> Result:
    return CliRunner().invoke(app, ["lab", "report", *map(str, words)])


def test_without_options_the_page_stands_in_the_runs_own_folder(tmp_path: Path) -> None:
    folder = made_run(tmp_path / "run")
    before = {path.name for path in folder.iterdir()}
    done = ran(folder)
    assert done.exit_code == 0, done.output
    assert {path.name for path in folder.iterdir()} - before == {"report.html"}
    assert done.output == f"{folder / 'report.html'}: 0.6 MB, opens anywhere, offline\n"


def test_a_run_that_is_not_there_is_said_before_where_its_page_would_go(tmp_path: Path) -> None:
    done = ran(tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "no experiment.yaml" in str(done.exception) + done.output
    assert "make it first" not in done.output


def test_the_page_the_markdown_and_the_pictures_are_written_together(
    run_folder: Path, tmp_path: Path, findings: Path, sweep: Path
) -> None:
    out = tmp_path / "loyalty.html"
    options = ["--markdown", "--lang", "zh", "--findings", findings, "--sweep", sweep, "--plots", tmp_path / "p"]
    done = ran(run_folder, "--out", out, *options)
    assert done.exit_code == 0, done.output
    said = (tmp_path / "loyalty.md").read_text(encoding="utf-8")
    assert said.startswith("# 忠诚（小）\n")
    pictures = re.findall(r"!\[[^]]*\]\((p/[^)]*)\)", said)
    assert len(pictures) == 9
    assert all((tmp_path / picture).is_file() for picture in pictures)
    text_of_page = out.read_text(encoding="utf-8")
    assert '<html lang="zh">' in text_of_page
    assert 'class="tag missed"' in text_of_page
    assert "Also shown, without a verdict" in text_of_page
    assert "<code>behaviour_silence</code>" in text_of_page
    assert f"{tmp_path / 'p'}: " in done.output


def test_json_names_what_was_written(run_folder: Path, tmp_path: Path) -> None:
    done = ran(run_folder, "--out", tmp_path / "r.html", "--markdown", "--json")
    told = json.loads(done.stdout)
    assert told["bytes"] == (tmp_path / "r.html").stat().st_size
    assert told["markdown"] == str(tmp_path / "r.md")
    assert all(Path(path).parent == tmp_path / "plots" and Path(path).is_file() for path in told["plots"])


def test_a_page_by_another_ending_or_in_no_folder_is_refused(run_folder: Path, tmp_path: Path) -> None:
    pdf, nowhere = ran(run_folder, "--out", tmp_path / "r.pdf"), ran(run_folder, "--out", tmp_path / "no" / "r.html")
    assert (pdf.exit_code, nowhere.exit_code) == (2, 2)
    assert "name a file that ends in .html" in pdf.output
    assert f"there is no folder {tmp_path / 'no'}; make it first" in nowhere.output


def test_a_folder_without_a_run_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    done = ran(tmp_path)
    assert done.exit_code == 1
    assert "no experiment.yaml, measures.parquet" in done.output
    assert list(tmp_path.iterdir()) == []


def test_what_draws_and_is_not_there_is_named(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = sys.modules["goodstanding.cli.lab_report"]
    monkeypatch.setattr(command, "NEEDED", ("no_such_module", "altair"))
    done = ran(run_folder)
    assert done.exit_code == 2
    assert done.output == "the report needs no_such_module; install goodstanding[lab]\n"


def test_pictures_are_svg_in_both_languages_and_png_where_there_are_letters(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = sys.modules["goodstanding.lab.report.markdown"]
    monkeypatch.setattr(drawing, "can_draw", lambda letters: letters == "ab")
    written = save_plots(read_run(run_folder), tmp_path)
    assert sorted(written) == sorted(tmp_path.iterdir())
    by_kind = {kind: sum(path.name.endswith(kind) for path in written) for kind in (".en.svg", ".zh.svg", ".en.png")}
    assert by_kind == {".en.svg": 9, ".zh.svg": 9, ".en.png": 9}
    assert not [path for path in written if path.name.endswith(".zh.png")]
    assert (tmp_path / "who.en.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_says_where_there_is_no_font_with_chinese_letters(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = sys.modules["goodstanding.lab.report.markdown"]
    out = ["--out", tmp_path / "r.html", "--plots", tmp_path]
    for has, said in ((False, True), (True, False)):
        monkeypatch.setattr(drawing, "can_draw", lambda _, has=has: has)
        assert ("No font with Chinese letters" in ran(run_folder, *out).output) is said


def test_markdown_tables_have_as_many_cells_in_every_row(run_folder: Path) -> None:
    beside = Beside(FINDINGS)
    for block in re.split(r"\n\n", markdown(read_run(run_folder), "en", beside=beside)):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1, block


def test_texts_stay_text_in_markdown() -> None:
    assert escaped("a|b *c* <d>\n# e") == r"a\|b \*c\* \<d\> \# e"
    assert escaped("the `name_of_it` and_that") == r"the `name_of_it` and\_that"
    assert escaped("one ` alone_") == r"one ` alone\_"


def test_markdown_tells_stories_and_errors(run_folder: Path) -> None:
    said = markdown(read_run(run_folder), "en")
    assert "### One punished by error: Resident no. 42" in said
    assert "**This rests on a record that is wrong.**" in said
    assert "\n\n\n" not in said


def test_findings_are_told_with_their_figures_and_a_miss_like_a_hit() -> None:
    told = findings_told(FINDINGS, "en")
    assert "4 published findings: 1 reproduced, 1 missed, 1 undecided, 1 not testable." in told.lead
    e1, e9, e8, e4 = told.rows
    assert e1.figures == ("ties: 25.0% (20.0 to 30.0%) – missed",)
    assert e9.figures == ("ties: −1.50 (−2.00 to −1.00) – reproduced",)
    assert e9.shown == ("ties: 2.00 – shown without a verdict",)
    assert e8.figures == ()
    assert e4.figures == ("ties: no figure – undecided",)


def test_findings_of_changed_parameters_say_so() -> None:
    told = findings_told({**FINDINGS, "parameters_as_committed": False}, "zh")
    assert told.lead.endswith("模型的数字已不是首次检验之前提交的数字。")


def test_the_findings_that_come_with_the_package_are_told_where_no_folder_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = sys.modules["goodstanding.lab.report.beside"]
    monkeypatch.setattr(beside, "files", lambda _: tmp_path)
    assert read_beside().findings is None
    (tmp_path / "last-run.json").write_text(json.dumps(FINDINGS), encoding="utf-8")
    assert read_beside().findings == FINDINGS


@pytest.mark.parametrize("option", ["--findings", "--sweep"])
def test_a_folder_that_holds_neither_findings_nor_a_sweep_is_refused(
    option: str, run_folder: Path, tmp_path: Path
) -> None:
    done = ran(run_folder, "--out", tmp_path / "r.html", option, tmp_path)
    assert done.exit_code == 1
    assert f"expected a folder that `goodstanding lab {option[2:]}` wrote" in done.output
    assert not (tmp_path / "r.html").exists()


def test_findings_that_are_no_json_are_refused(tmp_path: Path) -> None:
    (tmp_path / "findings.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"findings\.json: cannot be read"):
        read_beside(tmp_path)


def test_a_sweep_tells_the_answers_conclusion_first_then_the_frailest(run_folder: Path, sweep: Path) -> None:
    swept = read_beside(sweep=sweep).sweep
    assert swept is not None
    told = sweep_told(read_run(run_folder), swept, "en")
    assert told.lead == (
        "With other values for 2 of them, in 20 draws, 1 of 3 conclusions kept their direction in every draw."
    )
    assert [row[0] for row in told.rows] == [
        "Speech suppressed: higher with “With loyalty”",
        "Welfare: lower with “gone/standard”",
        "Friends: higher with “With loyalty”",
    ]
    assert told.rows[0][1:] == ("19 of 20 draws", "1 of 20 draws", "behaviour_silence.watched")
    assert told.rows[2][3] == "–"


def test_numbers_that_an_experiment_changes_are_told_and_all_assumptions_listed(run_folder: Path) -> None:
    part = Part(read_run(run_folder), "en")
    assert [(one.name, one.after, one.where) for one in part.changed] == [("people.minority_share", "0.2", "")]
    assert "This experiment changes 1 of them:" in part.assumed
    assert all(one.assumption and one.source is None for one in part.assumptions)


def test_numbers_of_a_variant_and_lists_of_numbers_are_told_with_their_place(tmp_path: Path) -> None:
    folder = made_run(tmp_path / "run")
    document = (
        (folder / "experiment.yaml")
        .read_text(encoding="utf-8")
        .replace(", parameters: {people.minority_share: 0.2}", "")
    )
    extra = "variants: [{name: standard, parameters: {of.yore: [1, 2]}}]\n"
    (folder / "experiment.yaml").write_text(document + extra, encoding="utf-8")
    part = Part(read_run(folder), "en")
    assert [(one.name, one.before, one.after, one.where) for one in part.changed] == [
        ("of.yore", "–", "[1, 2]", "standard")
    ]


def test_what_must_agree_is_told_from_the_runs_own_words(tmp_path: Path) -> None:
    folder = made_run(tmp_path / "run")
    assert Part(read_run(folder), "en").made == ()
    made = {"digest": "abc", "parameters": "def", "policies": {"p": {"national": "012"}}, "versions": {"numpy": "2"}}
    (folder / "run.json").write_text(json.dumps(made), encoding="utf-8")
    assert Part(read_run(folder), "en").made == (
        ("Digest of the experiment", "abc"),
        ("Digest of the model’s numbers", "def"),
        ("Digest of the policy national", "012"),
        ("Versions", "numpy 2"),
    )


def test_seeds_are_told_as_a_range_or_one_by_one(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = read_run(run_folder)
    part = Part(run, "en")
    for seeds, said in (((3, 4, 5), "3 to 5"), ((1, 5), "1, 5"), ((7,), "7"), (tuple(range(0, 60, 2)), "46, … (30)")):
        monkeypatch.setattr(type(run), "seeds", seeds)
        assert part.seeds.endswith(said)
