"""`cowork web` as a process: any number of them for Slack itself, but one that serves the local Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.app.local import local_slack
from bot.errors import NotConfigured
from bot.settings import Settings
from tests.cli.process import Cowork
from tests.store import databases

Begin = Callable[..., Cowork]


@pytest.fixture
def server() -> Iterator[str]:
    url = databases.empty_postgres().render_as_string(hide_password=False)
    yield url
    databases.drop_postgres(url)


def test_a_second_front_on_the_same_local_slack_is_one_clear_line_until_the_first_has_ended(
    cowork: Begin, server: str, place: Path
) -> None:
    first = cowork("web", COWORK_DATABASE_URL=server)
    first.until(lambda line: line.startswith("  Open "))
    second = cowork("web", COWORK_DATABASE_URL=server)
    line = (
        f"The local Slack of {place}/state is open in process {first.pid}, and only one process can serve it. "
        "Use that one, or set SLACK_BOT_TOKEN and SLACK_APP_TOKEN for several `cowork web`."
    )
    assert (second.end(), second.complaints) == (2, [line])

    first.interrupt()
    assert first.end() == 0
    third = cowork("web", COWORK_DATABASE_URL=server)
    third.until(lambda line: line.startswith("  Open "))


def test_a_local_slack_that_was_closed_can_be_opened_again(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, COWORK_HOME=tmp_path, SLACK_BOT_TOKEN="")
    first = local_slack(settings)
    assert first is not None
    with pytest.raises(NotConfigured, match="only one process can serve it"):
        local_slack(settings)

    first.stop()

    again = local_slack(settings)
    assert again is not None
    again.stop()
