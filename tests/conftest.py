"""For every test: properties are tried on the same examples each time, so that a red run can be had again."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("house")
