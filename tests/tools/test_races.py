"""While others work in the same folders: nobody is led outside, nothing is half there."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count, takewhile
from pathlib import Path

import pytest

from bot.errors import ToolError
from tests.tools.conftest import Grounds

ROUNDS = 300


def test_a_folder_swapped_for_a_link_while_files_are_written_leads_nobody_out(grounds: Grounds) -> None:
    at, workspace = f"{grounds.granted}/sub", grounds.workspace
    (grounds.granted / "sub").mkdir()
    told: Counter[str] = Counter()

    def attempt(act: Callable[[], object]) -> None:
        try:
            act()
            told["done"] += 1
        except ToolError:
            told["refused"] += 1

    with _swapping(grounds.granted / "sub", grounds.outside):
        for number in takewhile(
            lambda number: number < ROUNDS or not (told["done"] and told["refused"]), count()
        ):
            workspace.write_replacing("mine.txt", b"mine")
            attempt(lambda number=number: workspace.write_new(f"{at}/{number}.txt", b"x"))
            attempt(lambda: workspace.write_replacing(f"{at}/secret.txt", b"x"))
            attempt(lambda number=number: workspace.make_folder(f"{at}/folder{number}/deep"))
            attempt(lambda: workspace.copy("mine.txt", f"{at}/copy.txt"))
            attempt(lambda number=number: workspace.move("mine.txt", f"{at}/moved{number}.txt"))
            attempt(lambda: workspace.delete(f"{at}/secret.txt"))

    assert grounds.outside_is_untouched()


def test_a_file_swapped_for_a_link_while_it_is_read_shows_nothing_from_outside(grounds: Grounds) -> None:
    (grounds.granted / "file").write_text("inside")
    seen: Counter[bytes] = Counter()

    with _swapping(grounds.granted / "file", grounds.outside / "secret.txt"):
        for _ in range(10 * ROUNDS):
            with suppress(ToolError), grounds.workspace.open_read(f"{grounds.granted}/file") as file:
                seen[file.read()] += 1
            for hit in grounds.workspace.search("secret", str(grounds.granted)).hits:
                seen[hit.text.encode()] += 1

    assert set(seen) == {b"inside"}
    assert grounds.outside_is_untouched()


def test_a_folder_swapped_while_it_is_walked_lists_nothing_from_outside(grounds: Grounds) -> None:
    (grounds.granted / "sub").mkdir()
    (grounds.granted / "sub" / "inside.txt").write_text("")
    names: set[str] = set()

    with _swapping(grounds.granted / "sub", grounds.outside):
        for _ in range(ROUNDS):
            names |= {entry.name for entry in grounds.workspace.listing(str(grounds.granted), recursive=True)}

    assert "inside.txt" in names
    assert "secret.txt" not in names


def test_of_many_who_create_one_file_exactly_one_does(grounds: Grounds) -> None:
    for number in range(20):
        outcomes = _together(
            8, lambda who, number=number: grounds.workspace.write_new(f"{number}", b"%d" % who)
        )

        winner = [who for who, won in enumerate(outcomes) if won]
        assert len(winner) <= 1
        if winner:
            assert (grounds.own / str(number)).read_bytes() == b"%d" % winner[0]
    assert all(name.isdigit() for name in os.listdir(grounds.own))


def test_of_many_who_move_to_one_name_one_does_and_the_others_keep_theirs(grounds: Grounds) -> None:
    for who in range(8):
        grounds.workspace.write_new(f"from{who}", b"%d" % who)

    outcomes = _together(8, lambda who: grounds.workspace.move(f"from{who}", "to"))

    [winner] = [who for who, won in enumerate(outcomes) if won]
    assert (grounds.own / "to").read_bytes() == b"%d" % winner
    assert len(os.listdir(grounds.own)) == 8


def test_a_reader_never_sees_half_a_write(grounds: Grounds) -> None:
    contents = [b"a" * 300_000, b"b" * 500_000]
    grounds.workspace.write_new("file", contents[0])
    stop = threading.Event()
    seen: set[bytes] = set()

    def read() -> None:
        while not stop.is_set():
            with grounds.workspace.open_read("file") as file:
                seen.add(file.read())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        grounds.workspace.write_replacing("file", contents[number % 2])
    stop.set()
    reader.join()

    assert seen <= set(contents)


@pytest.mark.parametrize("path", ["file", "sub/secret.txt"])
def test_a_swap_at_the_very_moment_of_opening_shows_nothing_from_outside(grounds: Grounds, path: str) -> None:
    (grounds.granted / "file").write_text("inside")
    (grounds.granted / "sub").mkdir()
    (grounds.granted / "sub" / "secret.txt").write_text("inside")
    goal = grounds.outside if path.startswith("sub") else grounds.outside / "secret.txt"

    with _swap_when_opened(grounds.granted / path.split("/")[0], goal) as swapped, pytest.raises(ToolError):
        grounds.workspace.open_read(f"{grounds.granted}/{path}")

    assert swapped == [True]


def test_a_swap_at_the_very_moment_of_descending_writes_nothing_outside(grounds: Grounds) -> None:
    (grounds.granted / "sub").mkdir()

    with _swap_when_opened(grounds.granted / "sub", grounds.outside) as swapped, pytest.raises(ToolError):
        grounds.workspace.write_replacing(f"{grounds.granted}/sub/secret.txt", b"x")

    assert swapped == [True]
    assert grounds.outside_is_untouched()


@contextmanager
def _swap_when_opened(path: Path, target: Path) -> Iterator[list[bool]]:
    """Puts a link in place of the path just before its name is opened (Python tells an audit hook first)."""
    armed, swapped = [True], list[bool]()

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if armed and event == "open" and arguments[0] == path.name:
            armed.clear()
            os.rename(path, path.parent.parent / "aside")
            os.symlink(target, path)
            swapped.append(True)

    sys.addaudithook(hook)
    yield swapped
    armed.clear()


@contextmanager
def _swapping(path: Path, target: Path) -> Iterator[None]:
    """Another thread puts a link to the target in place of the path, and back, over and over."""
    stop, aside = threading.Event(), path.parent.parent / "aside"

    def swap() -> None:
        while not stop.wait(timeout=0.0005):  # long enough that some calls meet the path as it should be
            with suppress(OSError):
                os.rename(path, aside)
                os.symlink(target, path)
            with suppress(OSError):
                os.unlink(path)
            with suppress(OSError):
                os.rename(aside, path)

    attacker = threading.Thread(target=swap, daemon=True)
    attacker.start()
    try:
        yield
    finally:
        stop.set()
        attacker.join()


def _together(count: int, act: Callable[[int], object]) -> list[bool]:
    """What each of several threads that start at once came to."""
    gate = threading.Barrier(count)
    outcomes = [False] * count

    def run(who: int) -> None:
        gate.wait()
        with suppress(ToolError):
            act(who)
            outcomes[who] = True

    threads = [threading.Thread(target=run, args=(who,)) for who in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
