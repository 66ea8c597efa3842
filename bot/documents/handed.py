"""A file that an order hands to the child process: open, by its descriptor, so that none of it goes through us."""

from __future__ import annotations

import os
from collections.abc import Mapping

Handed = int | bytes
"""A descriptor at the file's beginning, or, where there is no other process, what is in it."""


def content(given: Handed) -> bytes:
    if isinstance(given, bytes):
        return given
    with os.fdopen(given, "rb", closefd=False) as file:
        return file.read()


def contents(given: Mapping[str, Handed]) -> dict[str, bytes]:
    return {name: content(one) for name, one in given.items()}
