"""The house is as STYLE says: imports in their place, small functions, one front door, no skip, one CI command."""

import ast
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import goodstanding

# Heavy modules are imported inside a command, so that `--help` answers in 0.3 s; nothing else may hide an import.
MAY_IMPORT_LATE = {"cli"}


def modules(root: Path) -> list[Path]:
    return sorted((root / "src" / "goodstanding").rglob("*.py"))


def functions(root: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for module in modules(root):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def late_imports(source: str) -> list[int]:
    """The lines of imports that stand inside a function."""
    return [
        inner.lineno
        for outer in ast.walk(ast.parse(source))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def test_no_import_hides_in_a_function_but_those_of_commands(root: Path) -> None:
    package = root / "src" / "goodstanding"
    hidden = [
        f"{module.relative_to(root)}:{line}"
        for module in modules(root)
        if module.relative_to(package).parts[0].removesuffix(".py") not in MAY_IMPORT_LATE
        for line in late_imports(module.read_text(encoding="utf-8"))
    ]
    assert hidden == []


def test_an_import_in_a_function_would_be_found() -> None:
    assert late_imports("import os\ndef f():\n    if True:\n        from sys import path\n") == [4]


def asks_the_clock(node: ast.AST) -> bool:
    """Whether a piece of a program is `datetime.now`, `date.today`, `time.time` or the like."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return False
    return node.value.id in {"datetime", "date", "time"} and node.attr in {"now", "utcnow", "today", "time", "time_ns"}


def test_no_module_but_commands_asks_the_clock(root: Path) -> None:
    asking = [
        f"{module.relative_to(root)}:{node.lineno}"
        for module in modules(root)
        if "cli" not in module.relative_to(root).parts
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if asks_the_clock(node) and isinstance(node, ast.Attribute)
    ]
    assert asking == []


def test_functions_are_small(root: Path) -> None:
    lengths = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions(root)]
    assert statistics.median(lengths) < 10
    assert statistics.quantiles(lengths, n=10)[-1] < 40


def test_every_file_of_the_package_tells_one_story(root: Path) -> None:
    long = {str(m.relative_to(root)): n for m in modules(root) if (n := len(m.read_text("utf-8").splitlines())) > 400}
    assert long == {}


def test_the_version_is_said_once_and_the_same(root: Path) -> None:
    assert f'\nversion = "{goodstanding.__version__}"\n' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f"\n## {goodstanding.__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_ci_runs_the_check_and_nothing_else(root: Path) -> None:
    script = root / ".ci" / "run"
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', "exec python3 dev.py check"]
    assert os.access(script, os.X_OK)


DID_NOT_RUN = {
    "a_mark": "import pytest\n@pytest.mark.skip(reason='no')\ndef test_a(): pass\n",
    "a_condition": "import pytest\n@pytest.mark.skipif(True, reason='no')\ndef test_a(): pass\n",
    "a_call": "import pytest\ndef test_a(): pytest.skip('no')\n",
    "a_fixture": "import pytest\n@pytest.fixture\ndef f(): pytest.skip('no')\ndef test_a(f): pass\n",
    "an_expected_failure": "import pytest\n@pytest.mark.xfail(reason='no')\ndef test_a(): assert False\n",
    "a_missing_module": "import pytest\npytest.importorskip('no_such_module')\ndef test_a(): pass\n",
}


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_test_that_did_not_run_fails_whatever_kept_it(workers: str, root: Path, tmp_path: Path) -> None:
    """Two are skipped while they run, four before they do, and one runs."""
    (tmp_path / "conftest.py").write_text((root / "tests" / "conftest.py").read_text("utf-8"), encoding="utf-8")
    for name, source in {**DID_NOT_RUN, "it_runs": "def test_a(): pass\n"}.items():
        (tmp_path / f"test_{name}.py").write_text(source, encoding="utf-8")
    shape = ["-q", "-n", workers, "--continue-on-collection-errors", "--rootdir", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", *shape, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "\n2 failed, 1 passed, 4 errors in " in done.stdout
