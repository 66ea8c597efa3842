"""The local Slack where there are no tokens: the bot is the same, only the address and the tokens differ."""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO, Any

import yaml
from pydantic import SecretStr

from bot.app.where import MANIFEST
from bot.emulator.server import LocalSlack
from bot.errors import NotConfigured
from bot.settings import KEY_FILE, Settings

LOCK = "local-slack.lock"


class OwnSlack(LocalSlack):
    """Open in one process at a time: its pages, sockets and deliveries live in that one's memory."""

    def __init__(self, home: Path, manifest: dict[str, Any]) -> None:
        """Raises `NotConfigured` while another process has it open."""
        self._lock = _taken(home / LOCK)
        super().__init__(home, manifest)

    def stop(self) -> None:
        super().stop()
        self._lock.close()


def local_slack(settings: Settings) -> LocalSlack | None:
    """None where Slack's own tokens are set."""
    if not settings.uses_local_slack:
        return None
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return OwnSlack(home=settings.home, manifest=manifest)


def give_key(settings: Settings) -> None:
    """So that services can be connected at once: with Slack's own tokens the operator gives a key of their own."""
    if settings.secret_keys:
        return
    file = settings.home / KEY_FILE
    half = file.with_suffix(".half")
    half.unlink(missing_ok=True)
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(f"{secrets.token_urlsafe(32)}\n")
        opened.flush()
        os.fsync(opened.fileno())
    half.replace(file)


def pointed_at(slack: LocalSlack, url: str, settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "slack_api_url": f"{url}/api/",
            "slack_bot_token": SecretStr(slack.bot_token),
            "slack_app_token": SecretStr(slack.app_token),
            "slack_signing_secret": SecretStr(slack.signing_secret),
            "slack_client_id": "",
        }
    )


def _taken(path: Path) -> IO[str]:
    """The kernel keeps the lock while the file is open, and drops it at any death."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "another process"
        file.close()
        raise NotConfigured(
            f"The local Slack of {path.parent} is open in {holder}, and only one process can serve it. "
            "Use that one, or set SLACK_BOT_TOKEN and SLACK_APP_TOKEN for several `cowork web`."
        ) from None
    file.truncate(0)
    file.write(f"process {os.getpid()}")
    file.flush()
    return file
