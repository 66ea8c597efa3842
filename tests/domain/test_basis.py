"""What a call of ours has touched, and so need not be asked about again: never more than it was at."""

from __future__ import annotations

import pytest

from bot.agent import bases
from bot.domain.basis import Basis

REPORT = Basis(place="/reports/2026/q1.pdf")


@pytest.mark.parametrize(
    "place", ["/reports/2026/q1.pdf", "/reports/2026/q1.pdf/page", "/reports", "/reports/2026"]
)
def test_a_call_at_a_place_in_it_or_above_it_touches_it(place: str) -> None:
    assert REPORT.is_touched_by(place)


@pytest.mark.parametrize(
    "place", ["", "/reports/2026/q1", "/reports/202", "github", "https://example.com/reports"]
)
def test_a_call_elsewhere_or_at_no_place_does_not(place: str) -> None:
    """A call to a service is at no place in a folder: what was approved for one is still held to what stood there."""
    assert not REPORT.is_touched_by(place)
    assert bases.without([REPORT], [place]) == (REPORT,)
