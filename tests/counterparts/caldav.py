"""A CalDAV server: Radicale, in a process of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx2

_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[web]
type = none
"""
_PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class CalDav:
    """Ana has the calendar `{url}/ana/work/`, Ben `{url}/ben/work/`; both are empty at each test's start."""

    url: str
    folder: Path
    user: str = "ana"
    password: str = "app-password"
    other_user: str = "ben"

    def empty(self) -> None:
        for user in (self.user, self.other_user):
            shutil.rmtree(self.folder / "collections" / "collection-root" / user, ignore_errors=True)
            self.make(user, "work")

    def make(self, user: str, name: str) -> None:
        """Another calendar, at `{url}/{user}/{name}/`."""
        url, signed = f"{self.url}/{user}/{name}/", (user, self.password)
        # Without TLS no certificates need to be read, which takes longer than all the rest.
        made = httpx2.request("MKCALENDAR", url, auth=signed, verify=False)
        made.raise_for_status()


@dataclass(frozen=True, kw_only=True)
class Running:
    server: CalDav
    process: subprocess.Popen[bytes]

    def close(self) -> None:
        with self.process as process:
            process.kill()  # what it keeps is of tests, and a busy one does not listen


def start(folder: Path) -> Running:
    port = _free_port()
    server = CalDav(url=f"http://127.0.0.1:{port}", folder=folder)
    users = "".join(f"{user}:{server.password}\n" for user in (server.user, server.other_user))
    (folder / "users").write_text(users)
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "radicale", "--config", folder / "config"], stdout=log, stderr=log
        )
    running = Running(server=server, process=process)
    _wait_for(running)
    return running


def _wait_for(running: Running) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and running.process.poll() is None:
        try:
            httpx2.get(running.server.url)
        except httpx2.TransportError:
            time.sleep(0.02)
        else:
            return
    running.close()
    raise RuntimeError((running.server.folder / "log").read_text("utf-8"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
