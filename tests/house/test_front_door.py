"""The front door: the names that other programs import from the package itself."""

import subprocess
import sys
from importlib import import_module

import pytest

import goodstanding


def test_the_front_door_lists_its_names_in_order_and_holds_each() -> None:
    assert goodstanding.__all__ == sorted(goodstanding.__all__)
    for name in goodstanding.__all__:
        assert getattr(goodstanding, name).__module__.startswith("goodstanding.")
    assert set(goodstanding.__all__) <= set(dir(goodstanding))


def test_each_name_is_that_of_its_room() -> None:
    for name, room in goodstanding._ROOMS.items():
        assert getattr(goodstanding, name) is getattr(import_module(f"goodstanding.{room}"), name)
    assert sorted(goodstanding._ROOMS) == goodstanding.__all__


def test_the_front_door_loads_nothing_heavy() -> None:
    code = "import sys, goodstanding; print([name for name in ('numba', 'numpy', 'pyarrow') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_score_is_the_function_whatever_was_loaded_before() -> None:
    code = (
        "import goodstanding.scoring, goodstanding as gs\n"
        "from goodstanding import score\n"
        "print(callable(gs.score), callable(score))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True"]


def test_the_package_run_by_name_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "goodstanding", "--version"], check=True, capture_output=True, text=True
    )
    assert done.stdout == f"goodstanding {goodstanding.__version__}\n"
    usage = subprocess.run([sys.executable, "-m", "goodstanding", "--help"], check=True, capture_output=True, text=True)
    assert "goodstanding [OPTIONS] COMMAND" in usage.stdout


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = goodstanding.no_such_name
