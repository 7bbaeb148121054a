"""Here homes are synthetic: whoever may send what is tested elsewhere, but for what a live home refuses."""

from __future__ import annotations

import pytest

from goodstanding.book import World


@pytest.fixture
def world() -> World:
    return "synthetic"
