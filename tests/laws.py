"""How many examples a law is tried on: the same quarter in every run, or all of them, and new ones each time."""

from __future__ import annotations

import os

from hypothesis import settings

IS_DEEP = os.environ.get("COWORK_LAWS") == "deep"
"""What CI has no time for (docs/decisions/0030-what-ci-tries-and-how-to-try-all.md)."""


def tried(examples: int) -> int:
    """Of so many, how many are tried in this run."""
    return examples if IS_DEEP else min(examples, max(10, examples // 4))


HOUSE = settings(max_examples=tried(100), derandomize=not IS_DEEP, deadline=None, print_blob=True)
"""A red run can be had again: by the same examples, or by the blob that it prints."""
