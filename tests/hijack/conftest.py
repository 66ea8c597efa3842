"""Offices, and a line at the end of the run."""

from __future__ import annotations

from tests.engine.conftest import new_office
from tests.kill.conftest import say

__all__ = ["new_office", "say"]
