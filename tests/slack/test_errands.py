"""Errands are best effort: nothing that was taken from Slack fails for one."""

from __future__ import annotations

from bot.slack.errands import Errands


def test_an_errand_that_comes_when_we_have_closed_is_dropped_and_fails_nothing() -> None:
    done: list[str] = []
    errands = Errands()
    errands.run(lambda: done.append("before"))
    errands.close()

    errands.run(lambda: done.append("after"))

    assert "after" not in done
