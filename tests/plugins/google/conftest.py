"""Google Workspace for its plugin's tests: Drive with files in it, and every API as its specification has it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from bot.sdk import Connection, Per
from bot.sdk.trial import Trial
from bot.tools import documents
from plugins.google import plugin
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism

Google = Callable[[str], Trial]


def connection(url: str, token: str = "ya29.ana", docs: str = "") -> Connection:
    """All APIs at one address, or Docs, Sheets and Slides at another."""
    endpoints = dict.fromkeys(("drive", "accounts"), url) | {"oauth": f"{url}/oauth2"}
    endpoints |= dict.fromkeys(("docs", "sheets", "slides"), docs or url)
    return Connection(
        plugin="google", way="oauth", per=Per.PERSON, secrets={"token": token}, endpoints=endpoints
    )


def read(name: str, content: bytes) -> str:
    """As the colleague reads documents."""
    return documents.read(BytesIO(content), name, size=len(content)).text


@pytest.fixture
def drive(emulate: Emulate, tmp_path: Path) -> Trial:
    """Ana's Drive, which remembers."""
    return Trial(plugin=plugin, connection=connection(emulate.google.url), folder=tmp_path, read=read)


@pytest.fixture
def official(prism: Callable[[str], Prism]) -> Prism:
    """What Google documents: it remembers nothing, and refuses what is not documented."""
    return prism("google")


@pytest.fixture
def google(official: Prism, tmp_path: Path) -> Trial:
    """On what Google documents."""
    return Trial(plugin=plugin, connection=connection(official.url), folder=tmp_path, read=read)
