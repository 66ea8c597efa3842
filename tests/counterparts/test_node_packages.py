"""What cannot be had is said, and in CI it is a failure."""

from __future__ import annotations

import pytest

from tests.counterparts import node_packages


@pytest.mark.parametrize(("value", "ending"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_counterpart_that_is_missing_is_skipped_but_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, value: str, ending: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", value)
    with pytest.raises(ending, match="there is no network"):
        node_packages.absent("there is no network")
