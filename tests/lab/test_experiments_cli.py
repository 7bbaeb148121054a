"""`lab run`, `lab sweep` and `lab list`: what they leave, what they say in two languages, and what they refuse."""

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from goodstanding.cli import app
from goodstanding.cli.lab_run import experiment_names
from goodstanding.document import plain
from goodstanding.document import read as read_document
from goodstanding.errors import PolicyError
from goodstanding.lab.experiments.known import known
from goodstanding.lab.experiments.resolving import read_experiment
from goodstanding.lab.experiments.shelf import shipped
from goodstanding.lab.experiments.smaller import resized
from goodstanding.lab.measures import MEASURES
from goodstanding.lab.society import MECHANISMS
from tests.lab.experiments import written

SMALL = ("--residents", "60", "--months", "2", "--seeds", "2", "--threads", "1")

Run = Callable[..., Result]


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command of the laboratory in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(app, ["lab", *map(str, arguments)], prog_name="goodstanding")
        assert result.exit_code == code, result.output
        return result

    return invoke


# --- Shipped experiments ---------------------------------------------------------------------------------------------

QUESTIONS = ["charter", "consent", "eight-scorers", "feed", "friends", "list", "loyalty", "train"]


def test_eight_questions_are_shipped_and_completed_in_the_shell() -> None:
    assert list(shipped()) == QUESTIONS
    assert experiment_names("") == QUESTIONS
    assert experiment_names("l") == ["list", "loyalty"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_shipped_experiment_is_sound_short_and_asks_in_two_languages(name: str) -> None:
    path = shipped()[name]
    found = read_experiment(path, known())
    assert found.name == name
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40
    texts = [found.title, found.question, found.about, *(one.title for one in found.variants + found.policies)]
    assert all(text is not None and text.in_("en") and text.in_("zh") for text in texts)
    assert found.question.in_("en") != found.question.in_("zh")
    assert found.comparisons
    assert len(found.seeds) >= 5


# --- lab run ---------------------------------------------------------------------------------------------------------


def test_a_shipped_experiment_runs_by_its_name_and_says_what_differs(lab: Run, tmp_path: Path) -> None:
    said = lab("run", "loyalty", "--out", "loyalty", *SMALL).output
    assert said.startswith("Loyalty counts: What does a loyalty factor in a national score do to what people say")
    assert "4 cities of 60 residents, 2 months" in said
    assert "Critical posts and petitions" in said
    assert "without-loyalty  with-loyalty" in said, "with one variant, sides go by their policies"
    assert said.rstrip().endswith("Written to loyalty; `goodstanding lab report loyalty` tells it")
    assert (
        (tmp_path / "loyalty" / "experiment.yaml")
        .read_text(encoding="utf-8")
        .startswith("# With other sizes than its author gave it: residents 60, months 2, seeds 2.\n")
    )


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in {"loyalty", "friends"}])
def test_every_shipped_experiment_runs(name: str, lab: Run) -> None:
    told = json.loads(lab("run", name, "--out", "out", *SMALL[:-4], "--seeds", 1, "--threads", 1, "--json").output)
    assert told["experiment"] == name
    assert "comparisons.parquet" in told["tables"]


def test_a_city_has_the_same_bytes_in_one_process_and_in_two(lab: Run, tmp_path: Path) -> None:
    """The whole of it: lived through, not made up."""
    sizes = ("--residents", 60, "--months", 2, "--seeds", 1)
    lab("run", "loyalty", "--out", "one", *sizes, "--threads", 1)
    lab("run", "loyalty", "--out", "two", *sizes, "--threads", 2)
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two


def test_the_same_is_said_in_chinese_and_for_programs(lab: Run) -> None:
    said = lab("run", "loyalty", "--out", "out", *SMALL, "--lang", "zh").output
    assert said.startswith("忠诚计分：国家信用分计入忠诚度")
    assert "4座城市，每座60名居民，2个月" in said
    told = json.loads(lab("run", "loyalty", "--out", "out", *SMALL, "--resume", "--json").output)
    assert (told["experiment"], told["seeds"], told["out"]) == ("loyalty", [1, 2], "out")
    assert told["tables"] == [
        "comparisons.parquet", "history.parquet", "measures.parquet", "residents.parquet", "stories.parquet",
        "summary.parquet",
    ]  # fmt: skip


def test_a_run_taken_up_again_says_the_same(lab: Run) -> None:
    first = lab("run", "friends", "--out", "out", *SMALL).output
    assert lab("run", "friends", "--out", "out", *SMALL, "--resume").output == first
    assert "… and " in first, "there are more differences than are shown"
    assert "give --resume to take up its run" in lab("run", "friends", "--out", "out", *SMALL, code=2).output


def test_one_seed_tells_nothing_of_chance_and_one_side_compares_with_nothing(lab: Run, tmp_path: Path) -> None:
    text = written("variants: [{name: a}, {name: b, notice: false}]", city="{residents: 60, months: 1}", seeds="1")
    (tmp_path / "two.yaml").write_text(text, encoding="utf-8")
    said = lab("run", "two.yaml", "--out", "two", "--threads", 1).output
    assert "One seed tells nothing of chance" in said
    assert "national/a  national/b" in said
    (tmp_path / "one.yaml").write_text(written(city="{residents: 60, months: 1}", seeds="1"), encoding="utf-8")
    assert "difference" not in lab("run", "one.yaml", "--out", "one", "--threads", 1).output


def test_what_is_at_fault_is_said_before_anything_runs(lab: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(written(policies="[natonal]"), encoding="utf-8")
    said = lab("run", "bad.yaml", "--out", "out", code=1).output
    assert said.startswith("bad.yaml:6: column 12: policy 'natonal': there is no policy 'natonal'")
    assert not (tmp_path / "out").exists()
    assert "did you mean 'loyalty'?" in lab("run", "loyality", "--out", "out", code=1).output


def test_tables_do_not_take_the_place_of_the_experiment(lab: Run, tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text(written(), encoding="utf-8")
    assert "would take the place of the input" in lab("run", "e.yaml", "--out", "e.yaml", code=2).output


def test_a_document_that_is_no_text_is_refused_whatever_its_size_should_be(lab: Run, tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_bytes(b"\xff\xfe")
    assert "is not UTF-8" in lab("run", "e.yaml", "--out", "out", code=1).output
    assert "it is not UTF-8" in lab("run", "e.yaml", "--out", "out", "--seeds", 2, code=1).output


def test_without_its_extra_the_laboratory_says_what_to_install(lab: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    for command in (("run", "loyalty", "--out", "out"), ("list",), ("sweep", "loyalty", "--latin", 2, "--out", "out")):
        assert lab(*command, code=2).output == "the laboratory needs scipy; install goodstanding[lab]\n"


# --- Another size ----------------------------------------------------------------------------------------------------


def test_a_document_of_another_size_says_the_same_otherwise() -> None:
    text = written("variants: [{name: a, parameters: {people.minority_share: 0.25}}]", seeds="[4, 5]")
    small: Any = plain(read_document(resized(text, "e.yaml", residents=50, months=None, seeds=1)))
    whole: Any = plain(read_document(text))
    assert small == {**whole, "city": {"residents": 50, "months": 3}, "seeds": 1}
    assert small["variants"][0]["parameters"] == {"people.minority_share": Decimal("0.25")}


def test_what_is_no_document_is_left_to_whoever_reads_it() -> None:
    assert resized("- a\n", "e.yaml", residents=50, months=None, seeds=None) == "- a\n"
    assert resized("city: 3\n", "e.yaml", residents=50, months=None, seeds=None).endswith("city:\n  residents: 50\n")
    assert resized("city: 3\n", "e.yaml", residents=None, months=None, seeds=None) == "city: 3\n"
    with pytest.raises(PolicyError, match="this is not YAML"):
        resized("a: [", "e.yaml", residents=50, months=None, seeds=None)


# --- lab list --------------------------------------------------------------------------------------------------------


def test_experiments_are_listed_with_their_questions(lab: Run) -> None:
    assert [line.split()[0] for line in lab("list").output.splitlines()] == QUESTIONS
    assert "国家信用分计入忠诚度" in lab("list", "experiments", "--lang", "zh").output


@pytest.mark.parametrize("group", ["scorers", "mechanisms", "measures", "parameters"])
def test_what_an_experiment_may_name_is_listed(group: str, lab: Run) -> None:
    listed = json.loads(lab("list", group, "--json").output)
    names = {
        "scorers": [f"scorer-{letter}" for letter in "bcdefgh"],
        "mechanisms": list(MECHANISMS),
        "measures": list(MEASURES),
        "parameters": [one.name for one in known().parameters.each()],
    }
    assert [one["name"] for one in listed] == names[group]
    assert lab("list", group, "--lang", "zh").output.count("\n") == len(listed)


# --- lab sweep -------------------------------------------------------------------------------------------------------


def test_a_sweep_over_a_number_of_a_policy_says_which_conclusions_survive(lab: Run, tmp_path: Path) -> None:
    over = "with-loyalty:dimensions.loyalty.min=-300:-30:2"
    said = lab("sweep", "loyalty", "--over", over, "--out", "out", *SMALL).output
    assert said.startswith("Loyalty counts: 2 points besides the experiment as it is")
    assert "conclusions kept their direction at every point" in said
    assert "(with-loyalty): without-loyalty/standard → with-loyalty/standard" in said
    assert (tmp_path / "out" / "points" / "0002" / "comparisons.parquet").is_file()
    told = json.loads(lab("sweep", "loyalty", "--over", over, "--out", "out", *SMALL, "--resume", "--json").output)
    assert (told["experiment"], told["points"]) == ("loyalty", 2)
    assert all(one["draws"] == 2 for one in told["conclusions"])
    assert (
        "下方向不变"
        in lab("sweep", "loyalty", "--over", over, "--out", "out", *SMALL, "--resume", "--lang", "zh").output
    )


def test_where_nothing_differs_a_sweep_has_nothing_to_say(lab: Run, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(written(city="{residents: 60, months: 1}", seeds="1"), encoding="utf-8")
    said = lab("sweep", "one.yaml", "--latin", 2, "--out", "out", "--threads", 1).output
    assert "there is no conclusion that could survive" in said


def test_a_sweep_is_over_given_numbers_or_drawn_ones(lab: Run) -> None:
    for asked in ((), ("--latin", 2, "--over", "people.minority_share=0.1:0.2:2")):
        said = lab("sweep", "loyalty", *asked, "--out", "out", code=2).output
        assert "give --over NAME=low:high:steps, or --latin N, and not both" in said
