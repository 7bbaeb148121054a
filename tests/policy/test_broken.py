"""Ten broken policies, each with every word that is said of it beside it, for whoever writes a policy to look at."""

from pathlib import Path

import pytest

from goodstanding.errors import PolicyError
from goodstanding.policy import loads

BROKEN = sorted(Path(__file__).with_name("broken").glob("*.yaml"))


def test_there_are_ten() -> None:
    assert len(BROKEN) == 10


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_of_a_broken_policy_everything_is_said_at_once(path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        loads(path.read_bytes(), path.name)
    assert f"{caught.value}\n" == path.with_suffix(".txt").read_text(encoding="utf-8")
