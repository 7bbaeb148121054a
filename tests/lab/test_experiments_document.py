"""An experiment's document: what is made of it, and what is refused, with line, found, expected and nearest name."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from goodstanding.cli import app
from goodstanding.errors import InputError
from goodstanding.lab.experiments.model import Comparison, Experiment, Side
from goodstanding.lab.experiments.resolving import read_experiment
from goodstanding.lab.experiments.shelf import found_experiment
from goodstanding.lab.parameters import Parameters
from goodstanding.policy import load
from tests.lab.experiments import HEAD, KNOWN, read, written


def refusal(text: str) -> str:
    """What is said of a document that is at fault."""
    with pytest.raises(InputError) as caught:
        read(text)
    return str(caught.value)


def pairs(experiment: Experiment) -> list[str]:
    return [f"{one.baseline} {one.other}" for one in experiment.comparisons]


# --- What is made of it ----------------------------------------------------------------------------------------------


def test_a_small_document_is_an_experiment_in_which_everything_is_on() -> None:
    found = read(written())
    assert (found.name, found.residents, found.months, found.warm_up, found.seeds) == ("small", 100, 3, 0, (1, 2))
    assert found.question.in_("zh") == "有何影响？"
    assert found.measures == KNOWN.measures
    assert found.observe_every == 1
    (variant,) = found.variants
    assert variant.mechanisms == {"effort": True, "silence": True, "friends": True}
    assert (variant.notice, variant.dispute, variant.correction) == (True, True, True)
    assert variant.enrolment_of("national") == "all"


def test_cells_are_every_policy_under_every_variant_with_every_seed() -> None:
    found = read(written("variants: [{name: a}, {name: b}]", policies="[national, sesame]", seeds="[7, 3]"))
    assert [cell.name for cell in found.cells()] == [
        f"{policy}--{variant}--{seed}" for policy in ("national", "sesame") for variant in ("a", "b") for seed in (7, 3)
    ]


def test_a_policy_may_be_several_that_score_at_once_and_a_variant_may_add_others() -> None:
    found = read(
        written(
            "variants: [{name: a, scorers: [scorer-b]}]",
            policies="[{policy: national, as: n2, without: [loyalty]}, {policy: [n2, sesame], as: both}]",
        )
    )
    cells = {cell.policy.name: [one.name for one in cell.scorings] for cell in found.cells()}
    assert cells == {"n2": ["n2", "scorer-b"], "both": ["n2", "sesame", "scorer-b"]}


def test_a_varied_policy_has_its_own_name_and_an_unvaried_one_its_published_digest() -> None:
    found = read(written(policies="[{policy: sesame, as: plain}, {policy: sesame, as: low, set: {score.base: 500}}]"))
    plain, low = (plan.scorings[0] for plan in found.policies)
    assert (plain.name, plain.policy.digest) == ("plain", load("sesame").digest)
    assert (low.name, low.policy.name, low.policy.base) == ("low", "low", 500)


def test_all_stands_for_the_mechanisms_that_are_not_named() -> None:
    found = read(written("variants: [{name: a, mechanisms: {all: false, silence: true}}]"))
    assert found.variants[0].mechanisms == {"effort": False, "silence": True, "friends": False}


def test_a_variant_says_who_is_enrolled_how_and_who_feeds_whom() -> None:
    found = read(
        written(
            "variants: [{name: a, scorers: [sesame], enrolment: {sesame: asked}, feed: {from: sesame, to: national}}]"
        )
    )
    (variant,) = found.variants
    assert (variant.enrolment_of("sesame"), variant.enrolment_of("national")) == ("asked", "all")
    assert variant.feeds == {"sesame": "national"}
    assert read(written("variants: [{name: a, enrolment: ticked}]")).variants[0].enrolment_of("national") == "ticked"


def test_parameters_are_those_of_the_city_and_then_of_the_variant() -> None:
    found = read(
        written(
            "variants: [{name: a, parameters: {people.minority_share: 0.3}}, {name: b}]",
            city="{residents: 100, months: 3, parameters: {people.minority_share: 0.2}}",
        )
    )
    shares = {cell.variant.name: cell.parameters.number("people.minority_share") for cell in found.cells()}
    assert shares == {"a": 0.3, "b": 0.2}


def test_measures_stand_in_the_order_of_the_register() -> None:
    found = read(written("measures: [speech.critical, scores.mean]"))
    assert found.measures == ("scores.mean", "speech.critical")
    assert read(written("measures: all")).measures == KNOWN.measures


def test_the_first_variant_is_held_against_the_others_under_each_policy() -> None:
    found = read(written("variants: [{name: a}, {name: b}, {name: c}]", policies="[national, sesame]"))
    assert pairs(found) == [
        "national/a national/b", "sesame/a sesame/b", "national/a national/c", "sesame/a sesame/c",
    ]  # fmt: skip


def test_with_one_variant_the_first_policy_is_held_against_the_others() -> None:
    assert pairs(read(written(policies="[national, sesame]"))) == ["national/standard sesame/standard"]
    assert pairs(read(written())) == []


def test_what_is_compared_may_be_said() -> None:
    variants = "variants: [{name: a}, {name: b}]"
    both = "[national, sesame]"
    said = {
        "{baseline: b}": ["national/b national/a", "sesame/b sesame/a"],
        "{baseline: sesame}": ["sesame/a national/a", "sesame/b national/b"],
        "{baseline: sesame, to: national}": ["sesame/a national/a", "sesame/b national/b"],
        "{baseline: national/a, to: [sesame/b, national/b]}": ["national/a sesame/b", "national/a national/b"],
    }
    assert {one: pairs(read(written(variants, f"compare: {one}", policies=both))) for one in said} == said


def test_two_experiments_differ_in_their_digest_by_whatever_tables_hang_on() -> None:
    texts = [
        written(),
        written(city="{residents: 101, months: 3}"),
        written(city="{residents: 100, months: 4}"),
        written(city="{residents: 100, months: 3, warm_up: 1}"),
        written(city="{residents: 100, months: 3, parameters: {people.minority_share: 0.2}}"),
        written(seeds="3"),
        written(policies="[{policy: national, as: low, set: {score.base: 500}}]"),
        written("variants: [{name: standard, told: false}]"),
        written("variants: [{name: standard, notice: false}]"),
        written("variants: [{name: standard, dispute: false}]"),
        written("variants: [{name: standard, correction: false}]"),
        written("variants: [{name: standard, enrolment: asked}]"),
        written("variants: [{name: standard, mechanisms: {effort: false}}]"),
        written("variants: [{name: standard, scorers: [sesame]}]"),
        written("variants: [{name: standard, scorers: [sesame], feed: {from: sesame, to: national}}]"),
        written("measures: [scores.mean]"),
        written("observe_every: 2"),
    ]
    digests = [read(text).digest for text in texts]
    assert len(set(digests)) == len(texts)
    assert read(written() + "# said twice\n").digest == digests[0]


# --- What is refused -------------------------------------------------------------------------------------------------


def test_all_faults_are_said_at_once_each_with_its_line() -> None:
    said = refusal(
        written(
            "variants:",
            "  - {name: a, mechanisms: {efort: false}}",
            "  - {name: b}",
            "  - {name: b}",
            "measures: [scores.men]",
            city="{residents: 100, months: 3, parameters: {people.minority_shar: 0.1, people.minority_share: 9}}",
            policies="[natonal, sesame]",
        )
    )
    assert [line.split(": ")[0] for line in said.splitlines()] == [
        f"experiment.yaml:{line}" for line in (5, 5, 6, 9, 11, 12)
    ]
    hints = ["people.minority_share", "national", "effort", "scores.mean"]
    assert [hint for hint in hints if f"did you mean '{hint}'?" not in said] == []
    assert "people.minority_share is 9; expected a number from 0.05 to 0.3" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (written(policies="[nobody]"), "6: column 12: policy 'nobody': there is no policy 'nobody'; expected a file"),
        (written(policies="[tool-library]"), "6: column 12: the policy 'tool-library' reads nothing that happens"),
        (written(policies="[national, national]"), "6: column 22: a second policy is called 'national'"),
        (written(policies="[{policy: sesame, without: [games]}]"), "6: column 12: a changed policy has no name"),
        (written(policies="[{policy: [sesame, national]}]"), "a changed policy has no name of its own"),
        (
            written(policies="[{policy: [sesame, national], as: x, without: [games]}]"),
            "column 48: several policies and 'without'; expected one policy",
        ),
        (
            written(policies="[{policy: [sesame, sesame], as: x}]"),
            "column 30: 'sesame' scores twice; expected each scorer once",
        ),
        (
            written(policies="[{policy: sesame, as: x, without: [game]}]"),
            "column 46: the policy sesame has neither a factor nor a dimension 'game'",
        ),
        (
            written(policies="[{policy: sesame, as: x, set: {score.bas: 3}}]"),
            "column 42: the policy sesame has no number at 'score.bas'",
        ),
        (written(policies="[{policy: sesame, as: x, set: {score.base: true}}]"), "base is true; expected a number"),
        (
            written(policies="[{policy: sesame, as: x, set: {score.base: 9999}}]"),
            "so changed, base is 9,999 and max is 950; expected base ≤ max",
        ),
        (
            written(policies="[{policy: rail-2018, as: x, set: {sanctions.no_ticket_conduct.notice: 0d}}]"),
            "so changed, charter, clause 4",
        ),
        (written("variants: [{name: national}]"), "8: column 19: a policy is called 'national' too"),
        (written("variants: [{name: a--b}]"), "name is the text 'a--b'; expected a name of lower-case letters"),
        (written("variants: [{name: a, notice: 3}]"), "notice is the number 3; expected true or false"),
        (written("variants: [{name: a, enrolment: some}]"), "expected one of all, ticked, asked"),
        (
            written("variants: [{name: a, enrolment: {sesame: all}}]"),
            "nobody called 'sesame' scores under the policy national; expected national",
        ),
        (
            written("variants: [{name: a, scorers: [national]}]"),
            "'national' scores twice, under the policy national and beside it",
        ),
        (
            written("variants: [{name: a, scorers: [sesame], feed: {from: national, to: sesame}}]"),
            "the policy sesame does not read platform.score",
        ),
        (
            written("variants: [{name: a, feed: [{from: sesam, to: national}]}]"),
            "nobody called 'sesam' scores under the policy national",
        ),
        (
            written("variants: [{name: a, parameters: {people.minority_share: 2}}]"),
            "8: column 35: people.minority_share is 2",
        ),
        (written("variants: [{name: a, parameters: {people.minority_share: much}}]"), "expected a number, or a list"),
        (written("variants: [{name: a, mechanisms: {effort: 1}}]"), "effort is the number 1; expected true or false"),
        (written("compare: {baseline: nothing}"), "no policies or variants or pairs POLICY/VARIANT called 'nothing'"),
        (
            written("compare: {baseline: sesame, to: standard}", policies="[sesame, national]"),
            "no policies called 'standard'; expected one of sesame, national",
        ),
        (written("measures: [3]"), "measures[0] is the number 3; expected the name of a measure"),
        (written(seeds="[1, 1]"), "seeds is a list; expected how many seeds"),
        (written(seeds="0"), "seeds is the number 0; expected a whole number from 1 to 10,000"),
        (written(seeds="[-1]"), "seeds[0] is the number -1"),
        (written(city="{residents: 9}"), "residents is the number 9; expected a whole number from 10 to 10,000,000"),
        (written(city="{months: 2}"), "the city has no 'residents'"),
        (written("observe_every: 0"), "expected a whole number from 1 to 1,200"),
        (HEAD, "an experiment has no 'policies'"),
        (HEAD + "city: {residents: 100}\npolicies: [national]\n", "an experiment has no 'seeds'"),
        ("- a\n", "expected an experiment, a mapping"),
        ("", "the document is empty"),
    ],
)  # fmt: skip
def test_what_is_at_fault_is_said_with_what_was_expected(text: str, said: str) -> None:
    assert said in refusal(text)


def test_a_policy_that_is_at_fault_is_told_of_with_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("goodstanding: 1\nname: mine\nworld: live\n", encoding="utf-8")
    (tmp_path / "experiment.yaml").write_text(written(policies="[mine.yaml]"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_experiment(tmp_path / "experiment.yaml", KNOWN)
    first = str(caught.value).splitlines()[0]
    assert f"{tmp_path}/experiment.yaml:6: column 12: policy 'mine.yaml': {tmp_path}/mine.yaml:1:" in first


def test_a_live_policy_on_an_event_for_made_up_people_only_is_refused(tmp_path: Path) -> None:
    """The charter, said at the place of the experiment that names the policy."""
    (tmp_path / "mine.yaml").write_text(
        "goodstanding: 1\nname: mine\nversion: '1'\ntitle: Mine\nworld: live\n"
        "score: {base: 0, min: 0, max: 10}\ndimensions: [{name: d, title: D}]\n"
        "catalogue:\n  - {type: loyalty.speech, title: Spoke, context: speech, sensitivity: special}\n"
        "factors:\n  - {name: f, dimension: d, title: F, measure: {kind: count, of: loyalty.speech},\n"
        "     points: {each: {points: 1}}, sources: [{title: mine}]}\n",
        encoding="utf-8",
    )
    (tmp_path / "experiment.yaml").write_text(written(policies="[mine.yaml]"), encoding="utf-8")
    with pytest.raises(InputError, match="charter, clause 1") as caught:
        read_experiment(tmp_path / "experiment.yaml", KNOWN)
    assert f"{tmp_path}/experiment.yaml:6: column 12: policy 'mine.yaml': {tmp_path}/mine.yaml:9" in str(caught.value)


def test_an_experiment_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it cannot be read"):
        read_experiment(tmp_path / "none.yaml", KNOWN)
    with pytest.raises(InputError, match="there is no such experiment"):
        found_experiment("lojalty")


# --- A city in a folder ----------------------------------------------------------------------------------------------


def described(parameters: Parameters, seed: int = 5) -> str:
    """What stands in `city.yaml`."""
    values = "".join(f"  {one.name}: {one.said}\n" for one in parameters.each())
    return f"residents: 120\nseed: {seed}\ndigest: {parameters.digest}\nparameters:\n{values}"


def city(folder: Path, world: str | None, description: str = "") -> Path:
    """A folder as of a city, whose table says which world it is of."""
    folder.mkdir()
    metadata = {} if world is None else {"goodstanding.world": world}
    parquet.write_table(pa.table({"person": ["R0000000"]}).replace_schema_metadata(metadata), folder / "people.parquet")
    (folder / "city.yaml").write_text(description or described(KNOWN.parameters), encoding="utf-8")
    return folder


def of_folder(path: Path) -> str:
    return HEAD + f"city: {{folder: {path}, months: 3}}\npolicies: [national]\n"


def test_a_city_that_was_written_is_lived_in_with_its_own_seed_and_parameters(tmp_path: Path) -> None:
    """Written by the command itself, so that the two cannot come apart."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("parameters: 1\npeople: {minority_share: {value: 0.2, assumption: larger}}\n", encoding="utf-8")
    sizes = ["--residents", "60", "--months", "1", "--seed", "7"]
    command = ["lab", "city", *sizes, "--parameters", str(mine), "--out", str(tmp_path / "city")]
    assert CliRunner().invoke(app, command).exit_code == 0
    found = read(of_folder(tmp_path / "city"))
    assert (found.residents, found.seeds) == (60, (7,))
    assert found.parameters.digest == KNOWN.parameters.changed({"people.minority_share": 0.2}).digest
    assert read(of_folder(tmp_path / "city") + "seeds: 2\n").seeds == (1, 2)


def test_a_city_of_other_parameters_than_its_digest_names_is_refused(tmp_path: Path) -> None:
    other = described(KNOWN.parameters).replace("people.minority_share: 0.1\n", "people.minority_share: 0.2\n")
    assert "the digest of other parameters" in refusal(of_folder(city(tmp_path / "changed", "synthetic", other)))
    bare = "residents: 120\nseed: 5\n"
    assert "the digest of other parameters" in refusal(of_folder(city(tmp_path / "bare", "synthetic", bare)))


def test_live_data_and_data_of_no_declared_world_are_refused(tmp_path: Path) -> None:
    live = refusal(of_folder(city(tmp_path / "live", "live")))
    assert live.startswith("experiment.yaml:5: column 16: people.parquet of ")
    assert "is live; expected made-up people only: no experiment touches a real person" in live
    undeclared = refusal(of_folder(city(tmp_path / "undeclared", None)))
    assert "does not say which world it is of; expected made-up people only" in undeclared


def test_a_table_that_is_damaged_declares_nothing(tmp_path: Path) -> None:
    folder = city(tmp_path / "city", "synthetic")
    (folder / "events.parquet").write_bytes(b"PAR1")
    assert "events.parquet of " in refusal(of_folder(folder))


def test_a_folder_without_a_city_is_refused(tmp_path: Path) -> None:
    assert "is no folder with tables" in refusal(of_folder(tmp_path / "none"))
    assert "is bare" in refusal(of_folder(tmp_path))
    (city(tmp_path / "city", "synthetic") / "city.yaml").unlink()
    assert "has no city.yaml" in refusal(of_folder(tmp_path / "city"))
    (tmp_path / "city" / "city.yaml").write_text("residents: 120\nparameters: {people.nothing: 3}\n", encoding="utf-8")
    assert "there is no parameter 'people.nothing'" in refusal(of_folder(tmp_path / "city"))


def test_a_city_is_described_or_in_a_folder_and_not_both() -> None:
    assert "the city has residents and a folder" in refusal(written(city="{residents: 100, folder: x}"))


def test_sides_are_written_as_policy_and_variant() -> None:
    assert str(Comparison(Side("a", "b"), Side("c", "d")).other) == "c/d"
