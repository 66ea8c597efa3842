"""The log: one line per fact, that a person or a machine can read, and that says which task it is about."""

from __future__ import annotations

import io
import json
import logging

from bot import log
from bot.domain.call import Result
from bot.domain.veil import Veil
from bot.rehearsal.answer import calls, text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def said(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_where_a_machine_reads_each_line_is_one_json_object():
    stream = io.StringIO()
    log.start(stream=stream)
    with log.about(task=12), log.about(trace="4bf9"):
        logging.getLogger("bot.x").warning("two\nlines of “%s”", "Größe")
    (line,) = said(stream)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "WARNING",
        "logger": "bot.x",
        "message": "two\nlines of “Größe”",
        "thread": "MainThread",
        "task": 12,
        "trace": "4bf9",
    }


def test_an_exception_is_part_of_its_line():
    stream = io.StringIO()
    log.start(form="json", stream=stream)
    try:
        raise ValueError("no such month")
    except ValueError:
        logging.getLogger("bot.x").exception("failed")
    (line,) = said(stream)
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ValueError: no such month")


def test_no_line_holds_a_secret():
    token, key = "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "a-key-that-only-we-know-9"
    for stream in (io.StringIO(), Terminal()):
        log.start(stream=stream, veil=Veil((("COWORK_SECRET_KEY", key),)))
        try:
            raise ValueError(f"no such token {token}")
        except ValueError:
            logging.getLogger("bot.x").exception("failed with %s", key, extra={"not": "shown"})
        assert "…(hidden: GitHub token)" in stream.getvalue()
        assert "failed with …(hidden: COWORK_SECRET_KEY)" in stream.getvalue()
        assert token[4:] not in stream.getvalue() and key not in stream.getvalue()


def test_on_a_terminal_a_line_is_text_and_names_its_task():
    stream = Terminal()
    log.start(stream=stream)
    with log.about(task=12):
        logging.getLogger("bot.x").info("claimed")
    logging.getLogger("bot.x").info("idle")
    lines = stream.getvalue().splitlines()
    assert [line.partition(" INFO ")[2] for line in lines] == ["bot.x [task 12] claimed", "bot.x idle"]


def test_what_a_task_logs_has_its_number_on_the_threads_of_its_tools_too(new_office):
    stream = io.StringIO()
    log.start(form="json", stream=stream)
    office = new_office(
        lambda _: calls(*[("read_file", {"path": f"{office.reports}/{name}.txt"}) for name in "ab"]),
        text("Done."),
    )
    office.laid_out = telling
    task = office.begin()
    about = [(line["task"], line["thread"]) for line in said(stream) if line["logger"] == "tests.tool"]
    assert [number for number, _ in about] == [task.id, task.id]
    assert "MainThread" not in {thread for _, thread in about}


def telling(bench):
    run = bench.toolbox.run

    def told(call) -> Result:
        logging.getLogger("tests.tool").info("%s runs", call.tool)
        return run(call)

    bench.toolbox.run = told
    return bench
