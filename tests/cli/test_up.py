"""`cowork up` as a process in an empty home: it says where it is, answers there, and ends when it is told to."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from tests.cli.conftest import Invoke
from tests.cli.process import Cowork

Begin = Callable[..., Cowork]
SOON = 10.0


def address(process: Cowork) -> str:
    """What it says to open."""
    return process.until(lambda line: line.startswith("  Open ")).split()[1]


def test_in_an_empty_home_it_prints_an_address_that_answers_and_ctrl_c_ends_it(
    cowork: Begin, place: Path
) -> None:
    process = cowork("up", afresh=True)
    url = address(process)
    with httpx2.Client(base_url=url) as client:
        health, page = client.get("/healthz"), client.get("/")
    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert page.status_code == 200
    assert "<html" in page.text
    process.until(lambda line: line == f"  State    {place}/state")
    process.interrupt()
    assert process.end(SOON) == 0
    assert process.said[0] == "Cowork is ready. Ctrl-C ends it."
    assert "  Folders  none granted; set COWORK_FOLDERS, or use --folder PATH" in process.said
    assert process.said[-1] == "Shutting down: running tasks are kept, and go on where they were."
    assert process.complaints == []


def test_the_system_ends_it_as_ctrl_c_does(cowork: Begin) -> None:
    process = cowork("up")
    address(process)
    process.interrupt(signal.SIGTERM)
    assert (process.end(SOON), process.complaints) == (0, [])


def test_it_names_the_folders_it_was_granted(cowork: Begin, place: Path) -> None:
    (place / "wiki").mkdir()
    process = cowork("up", "--folder", f"{place}/wiki:ro")
    process.until(lambda line: line == f"  Folder   {place}/wiki (read only)")


def test_a_second_process_on_the_same_home_is_one_clear_line(cowork: Begin, place: Path) -> None:
    first = cowork("up")
    address(first)
    second = cowork("up")
    line = (
        f"Cowork is already running on {place}/state (process {first.pid}). "
        "Stop that one, or give this one a home and a database of its own (COWORK_HOME, COWORK_DATABASE_URL)."
    )
    assert (second.end(), second.complaints) == (2, [line])


def test_a_port_that_is_taken_is_one_clear_line(cowork: Begin) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        process = cowork("up", COWORK_PORT=str(port))
        code = process.end()
    line = (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use). "
        "Set COWORK_PORT to a free one, or to 0."
    )
    assert (code, process.complaints) == (2, [line])


@pytest.mark.parametrize(
    ("folder", "named"), [("/gone:ro", "/gone"), ("~nosuchuser/x", "~nosuchuser/x"), ("", "“”")]
)
def test_a_folder_that_is_not_there_is_one_clear_line(folder: str, named: str, invoke: Invoke) -> None:
    result = invoke("up", "--folder", folder)
    line = f"There is no folder {named}. Give one that exists with --folder.\n"
    assert (result.exit_code, result.stderr) == (2, line)


def test_the_doctor_knows_that_it_is_running(cowork: Begin, invoke: Invoke) -> None:
    process = cowork("up")
    port = address(process).rstrip("/").rpartition(":")[2]
    result = invoke("doctor", COWORK_PORT=port)
    assert result.exit_code == 0
    assert f"{port} is in use by Cowork, which is running (process {process.pid})" in result.stdout
