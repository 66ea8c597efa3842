"""What is known of the data a task has seen. Labels only grow."""

from __future__ import annotations

from enum import StrEnum


class Label(StrEnum):
    UNTRUSTED = "untrusted"
    PRIVATE = "private"
