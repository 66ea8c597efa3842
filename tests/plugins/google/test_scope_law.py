"""Whatever folders there are and whichever were granted: what lies below those is seen, and nothing else."""

from __future__ import annotations

import re

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import NotAllowed
from bot.sdk.trial import Trial
from tests.counterparts.emulate import Emulate

FOLDER = "application/vnd.google-apps.folder"


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[int], set[int]]:
    """For each folder the one above it (-1: none of these), and those that are granted."""
    above = [draw(st.integers(-1, number - 1)) for number in range(draw(st.integers(1, 6)))]
    return above, draw(st.sets(st.integers(0, len(above) - 1), min_size=1))


def below(above: list[int], granted: set[int]) -> set[int]:
    """By their numbers."""
    seen: set[int] = set()
    for number, parent in enumerate(above):
        if number in granted or parent in seen:
            seen.add(number)
    return seen


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees())
def test_what_lies_below_a_granted_folder_is_seen_and_nothing_else(
    drive: Trial, emulate: Emulate, tree: tuple[list[int], set[int]]
) -> None:
    above, granted = tree
    emulate.reset()
    ids: list[str] = []
    for number, parent in enumerate(above):
        about = {
            "name": f"f{number}",
            "mimeType": FOLDER,
            "parents": [ids[parent] if parent >= 0 else "root"],
        }
        headers = {"Authorization": "Bearer ya29.ana"}
        ids.append(
            httpx2.post(f"{emulate.google.url}/drive/v3/files", json=about, headers=headers).json()["id"]
        )
    narrow = drive.within(*(ids[number] for number in granted))
    allowed = {ids[number] for number in below(above, granted)}
    assert set(_all_found(narrow)) == allowed
    for one in ids:
        if one in allowed:
            assert narrow.run("get_file", file=one).ids == (one,)
            inside = set(narrow.run("list_folder", folder=one).ids)
            assert inside == {
                ids[number] for number, parent in enumerate(above) if parent >= 0 and ids[parent] == one
            }
        else:
            for tool, name in (("get_file", "file"), ("list_folder", "folder")):
                try:
                    narrow.run(tool, **{name: one})
                except NotAllowed:
                    continue
                raise AssertionError(f"{tool} read {one}")


def _all_found(drive: Trial) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = drive.run("search_files", query="", cursor=cursor)
        found += page.ids
        more = re.search(r'cursor="(\d+)"', page.text)
        if more is None:
            return found
        cursor = more.group(1)
