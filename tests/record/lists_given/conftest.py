"""Here homes are synthetic, but for what a live one refuses."""

from __future__ import annotations

import pytest

from goodstanding.book import World


@pytest.fixture
def world() -> World:
    return "synthetic"
