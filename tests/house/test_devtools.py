"""`dev.py` and its parts: setup knows when it is done, locks name no registry, links and licences are looked at."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import checks, environment, house, licences, links, locks


def dev(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "dev.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


# --- dev.py ----------------------------------------------------------------------------------------------------------


def test_help_names_every_command(root: Path) -> None:
    told = dev(root, "--help").stdout
    for command in ("setup", "demo", "check", "bench", "faults", "fix", "docs", "lock"):
        assert f"\n    {command} " in told


def test_a_part_that_does_not_exist_is_refused_with_the_names_of_those_that_do() -> None:
    with pytest.raises(house.HouseError, match=r"no part .* called lnit; there are format, lint, types, layers, tests"):
        checks.check(["lint", "lnit"])


def test_every_part_runs_even_where_one_failed(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.check(parts={"one": lambda: True, "two": lambda: False, "three": lambda: True}) is False
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.endswith(("passed", "FAILED"))]
    assert [(row[0], row[-1]) for row in rows] == [("one", "passed"), ("two", "FAILED"), ("three", "passed")]


def test_an_older_python_is_told_so_in_one_line(root: Path) -> None:
    """Simulated: the program is compiled as it is, and told that it runs on 3.10."""
    source = (root / "dev.py").read_text(encoding="utf-8")
    program = f"import sys; sys.version_info = (3, 10, 1); exec(compile({source!r}, 'dev.py', 'exec'))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(r"dev\.py: this is Python \S+; Goodstanding needs Python 3\.11 or later\.\n", done.stderr)


# --- setup -----------------------------------------------------------------------------------------------------------


def steps_to_do(kind: environment.Kind) -> list[str]:
    return [step.name for step in environment.STEPS if not step.is_done(kind)]


@pytest.fixture
def stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "stamp.json"
    monkeypatch.setattr(environment, "STAMP", file)
    return file


def test_setup_of_a_fresh_machine_has_packages_and_project_to_do(stamp: Path) -> None:
    assert not stamp.exists()
    assert steps_to_do("dev")[-2:] == ["the locked packages", "the project itself, editable"]


def test_a_developers_environment_serves_the_product_too_but_not_the_other_way(stamp: Path) -> None:
    environment._write_stamp(packages=environment._packages_mark("dev"))
    assert environment._has_packages("product")
    environment._write_stamp(packages=environment._packages_mark("product"))
    assert environment._has_packages("product")
    assert not environment._has_packages("dev")
    assert stamp.exists()


def test_an_environment_that_was_moved_here_is_made_anew(stamp: Path) -> None:
    environment._write_stamp(place="/somewhere/else", packages=environment._packages_mark("dev"))
    assert not environment._has_environment("dev")
    environment._write_stamp(place=str(house.ROOT))
    assert environment._has_environment("dev")
    assert stamp.exists()


def test_new_packages_mean_that_the_project_is_installed_again(stamp: Path) -> None:
    environment._write_stamp(packages=environment._packages_mark("product"))
    environment._write_stamp(project=environment._project_mark())
    assert environment._has_project("product")
    environment._write_stamp(packages=environment._packages_mark("dev"))
    assert not environment._has_project("dev")
    assert stamp.exists()


def test_a_step_that_an_earlier_one_undoes_is_done_again(capsys: pytest.CaptureFixture[str]) -> None:
    installed = {"project"}

    def packages(_kind: environment.Kind) -> None:
        installed.clear()
        installed.add("packages")

    steps = [
        environment.Step("packages", lambda _kind: "packages" in installed, packages),
        environment.Step("project", lambda _kind: "project" in installed, lambda _kind: installed.add("project")),
    ]
    environment.setup("dev", steps)
    assert installed == {"packages", "project"}
    environment.setup("dev", steps)
    told = capsys.readouterr().out.splitlines()
    assert [told[0], told[1], told[3]] == [
        "setup 1/2: packages",
        "setup 2/2: project",
        "setup: .venv is as locks/dev.txt says, nothing to do",
    ]


def test_without_any_way_to_install_the_message_says_what_to_do(root: Path, tmp_path: Path) -> None:
    """A machine with nothing: no pip to import, no pip of the system's, no uv and no apt-get on the PATH."""
    (tmp_path / "pip.py").write_text("raise ImportError\n", encoding="utf-8")
    program = (
        "from pathlib import Path; from devtools import environment as e; e.BUNDLED = Path('/nowhere'); e._put_in_uv()"
    )
    env = {"PATH": str(tmp_path), "PYTHONPATH": f"{tmp_path}:{root}"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=env)
    assert "HouseError: this Python has neither `ensurepip` nor `pip`" in done.stderr
    assert "sudo apt-get install python3-venv" in done.stderr


@pytest.mark.parametrize("kind", ["product", "dev"])
def test_setup_can_say_how_much_it_fetches_before_it_does(kind: environment.Kind) -> None:
    assert re.fullmatch(r"\d+ packages, \d+ MB to fetch where none of them is cached", environment.to_fetch(kind))


# --- locks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["product", "dev", "uv"])
def test_a_lock_holds_names_versions_and_hashes_and_no_registry(kind: str) -> None:
    lines = locks.lock_of(kind).read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.+]+( ; [\w <>=!'.()]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line), (
            line
        )
    assert any("--hash" in line for line in lines)


def test_both_locks_hold_the_same_versions() -> None:
    product, dev_ = (
        set(re.findall(r"^(\S+==\S+)", locks.lock_of(k).read_text("utf-8"), re.MULTILINE)) for k in locks.GROUPS
    )
    assert product < dev_


def test_every_package_that_pyproject_names_is_locked(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    lists = text[text.index("dependencies = [") : text.index("[tool.hatch")]
    named = re.findall(r'^  "([A-Za-z-]+)[>=][^"]*",', lists, re.MULTILINE)
    lock = locks.lock_of("dev").read_text(encoding="utf-8")
    assert len(named) > 10
    assert [name for name in named if f"\n{name.lower()}==" not in lock] == []


def test_sizes_are_known_for_both_kinds_of_environment() -> None:
    product, dev_ = locks.size_of("product"), locks.size_of("dev")
    assert product["packages"] < dev_["packages"]
    assert 50_000_000 < product["fetch_bytes"] < dev_["fetch_bytes"]


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_that_leads_nowhere_is_found_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "there.md").write_text("# A `heading`, here\n", encoding="utf-8")
    (tmp_path / "page.md").write_text(
        "[good](docs/there.md#a-heading-here) [out](https://example.org/) `[code](no.md)`\n\n"
        "```\n[fenced](no.md)\n```\n[bad](docs/gone.md)\n[worse](docs/there.md#elsewhere) [own](#nothing)\n",
        encoding="utf-8",
    )
    assert links.faults(tmp_path) == [
        "page.md:6: link to 'docs/gone.md'; expected a file that is there",
        "page.md:7: link to 'docs/there.md#elsewhere'; expected a heading of there.md",
        "page.md:7: link to '#nothing'; expected a heading of page.md",
    ]


def test_every_page_of_the_documentation_is_in_its_menu(root: Path) -> None:
    menu = (root / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [page.relative_to(root / "docs").as_posix() for page in (root / "docs").rglob("*.md")]
    assert len(pages) > 5
    assert [page for page in pages if f" {page}\n" not in menu and "template" not in page] == []


def test_every_file_that_keeps_or_attacks_a_promise_is_there(root: Path) -> None:
    text = (root / "docs" / "promises.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:src|tests)/[^`]+)`", text)
    assert len(named) > 10
    assert [path for path in named if not any((root / path).rglob("*.py")) and not (root / path).is_file()] == []


# --- licences --------------------------------------------------------------------------------------------------------


def test_a_package_whose_licence_asks_for_it_must_stand_in_the_notice() -> None:
    assert licences.judge("hypothesis", {"MPL-2.0"}, "It uses Hypothesis.") == []
    assert licences.judge("hypothesis", {"MPL-2.0"}, "It uses hypotheses.") == [
        "hypothesis: licence MPL-2.0, so NOTICE must name it"
    ]


def test_a_licence_that_nobody_has_judged_is_refused() -> None:
    assert licences.judge("igraph", {"GPL-2.0-or-later", "MIT"}, "igraph") == [
        "igraph: licence GPL-2.0-or-later is in neither list of devtools/licences.py"
    ]


def test_what_installed_packages_say_of_their_licence_is_understood() -> None:
    assert licences.licences_of("numba") <= licences.PERMISSIVE
    assert licences.licences_of("hypothesis") == {"MPL-2.0"}
    assert licences.licences_of("shellingham") == {"ISC"}


def test_a_package_that_is_not_installed_is_said_to_be_missing() -> None:
    assert list(licences.faults(["no-such-package"], "")) == [
        "no-such-package: locked but not installed; run `python3 dev.py setup`"
    ]
