"""What of a server's stderr is quoted where there is room for one line."""

from __future__ import annotations

import pytest

from bot.connectors.noticed import Noticed


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("starting\nout of cheese\n\n", "out of cheese"),
        ("Fatal: refused\n    at main (index.js:5) {\n  port: 9\n}", "Fatal: refused"),
        ("Error: no file\n    at main\n\nNode.js v22.1.0", "Error: no file"),
        ("Traceback:\n  File x\nKeyError: 'DSN'", "KeyError: 'DSN'"),
        ("  }", "}"),
        ("", ""),
    ],
)
def test_the_last_words_of_a_trace_are_the_line_that_says_what_it_was(written: str, quoted: str) -> None:
    noticed = Noticed()
    for line in written.splitlines():
        noticed.wrote(line.encode())
    assert noticed.last_words == quoted
