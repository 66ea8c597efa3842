"""The official suite finds our own hub, guard and sign-in to be a client of the protocol in every scenario."""

from __future__ import annotations

from tests.connectors import conformance


def test_every_client_scenario_of_the_released_suite_passes() -> None:
    results, said = conformance.client()

    assert [name for name, passed in results.items() if not passed] == [], said
    assert "timed out" not in said, said
    assert conformance.as_markdown(results) in conformance.TABLE.read_text("utf-8")
