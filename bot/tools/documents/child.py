"""The child process of `apart`: standard input is the file, standard output the answer as JSON."""

from __future__ import annotations

import json
import logging
import resource
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import BinaryIO

from bot.errors import ToolError
from bot.tools.documents import office
from bot.tools.documents.document import presentable, too_much

LIMITS = {
    resource.RLIMIT_AS: 2 * 1024**3,
    resource.RLIMIT_CPU: 60,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}


def main(name: str) -> None:
    """Reads one document within the limits; the answer is a document's fields, or an `error`."""
    logging.disable()
    for limit, value in LIMITS.items():
        with suppress(ValueError, OSError):  # a system without that limit
            resource.setrlimit(limit, (value, value))
    with open(0, "rb") as file:
        answer = _answer(file, name)
    json.dump(answer, sys.stdout)


def _answer(file: BinaryIO, name: str) -> dict[str, str]:
    try:
        return asdict(presentable(office.read(file, name)))
    except ToolError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": str(too_much(name, "memory"))}
    except Exception:  # noqa: BLE001 - parse boundary: these libraries raise anything on broken input
        return {"error": f"'{name}' is broken and cannot be read. Ask for it to be saved or sent again."}


if __name__ == "__main__":
    main(sys.argv[1])
