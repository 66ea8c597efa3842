"""What a task changed is put back as it was, and nothing that somebody changed since is lost by it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import crossing
from bot.domain.effect import Effect
from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools import descent, restoring
from bot.tools.desk import Desk
from bot.tools.kept import Change, Keep, Kept, Thing
from bot.tools.made import Made
from bot.tools.paths import Root
from bot.tools.undoing import undo_change
from bot.tools.workspace import Workspace
from tests.laws import tried
from tests.tools.conftest import Grounds
from tests.tools.desks import TOOLS, desk_in, run
from tests.tools.trees import tree

PATHS = ["a", "b", "d", "d/a", "d/b", "e", "e/f", "e/f/a", "l", "n/m/a"]
CONTENTS = ["one", "two", "one two", ""]
MODES = [0o644, 0o600, 0o755, 0o664]
path = st.sampled_from(PATHS)
content = st.sampled_from(CONTENTS)
steps = st.one_of(
    st.tuples(st.just("write_file"), st.fixed_dictionaries({"path": path, "content": content})),
    st.tuples(
        st.just("edit_file"),
        st.fixed_dictionaries({"path": path, "old_text": st.just("one"), "new_text": content}),
    ),
    st.tuples(st.just("copy_file"), st.fixed_dictionaries({"source": path, "destination": path})),
    st.tuples(st.just("move_file"), st.fixed_dictionaries({"source": path, "destination": path})),
    st.tuples(st.just("make_folder"), st.fixed_dictionaries({"path": path})),
    st.tuples(st.just("delete_file"), st.fixed_dictionaries({"path": path})),
)
furniture = st.dictionaries(
    path, st.tuples(st.sampled_from(["file", "folder", "link"]), content, st.sampled_from(MODES)), max_size=6
)


@contextmanager
def a_desk() -> Iterator[tuple[Desk, Path]]:
    with tempfile.TemporaryDirectory() as place:
        granted, own = Path(place, "granted"), Path(place, "own")
        granted.mkdir()
        own.mkdir()
        workspace = Workspace([Root(path=granted, writable=True)], own)
        kept = Kept(Path(place, "kept"))
        yield (
            Desk(workspace=workspace, own_folder=own, handed_over=own, made=Made(frozenset), kept=kept),
            granted,
        )


def furnish(root: Path, things: dict[str, tuple[str, str, int]]) -> None:
    for name, (kind, text, mode) in sorted(things.items()):
        at = root / name
        with suppress(OSError):
            at.parent.mkdir(parents=True, exist_ok=True)
            if kind == "link":
                at.symlink_to(f"to {text}")
            elif kind == "folder":
                at.mkdir()
                at.chmod(mode | 0o111)
            else:
                at.write_text(text)
                at.chmod(mode)


def did(desk: Desk, granted: Path, tool: str, given: dict[str, str], effect_id: str) -> bool:
    """Whether the call did anything."""
    full = {name: f"{granted}/{value}" if value in PATHS else value for name, value in given.items()}
    try:
        return run(desk.under(Halt(), effect_id), tool, **full).receipt is not None
    except ToolError:
        return False


def undo(desk: Desk, effect_id: str) -> str:
    return undo_change.function(desk.under(Halt(), f"undo of {effect_id}"), change=effect_id).text


class Died(BaseException):
    """The process is gone."""


class DiesAt:
    """Right before or right behind the call outside of this number."""

    def __init__(self, number: int) -> None:
        self._left = number

    def reached(self, point: str) -> None:
        self._left -= 1
        if self._left == 0:
            raise Died(point)

    def around(self, name: str) -> AbstractContextManager[object]:
        return nullcontext()


@contextmanager
def dying(number: int) -> Iterator[None]:
    watcher = DiesAt(number)
    crossing.watch(watcher)
    try:
        yield
    finally:
        crossing.unwatch(watcher)


@settings(max_examples=tried(200), deadline=None)
@given(furniture, st.lists(steps, max_size=12))
def test_after_any_sequence_of_calls_and_their_undo_the_folder_is_as_it_was(things, sequence):
    with a_desk() as (desk, granted):
        furnish(granted, things)
        before = tree(granted)

        done = [str(n) for n, (tool, given) in enumerate(sequence) if did(desk, granted, tool, given, str(n))]
        for effect_id in reversed(done):
            undo(desk, effect_id)

        assert tree(granted) == before


@settings(max_examples=tried(100), deadline=None)
@given(furniture, st.lists(steps, max_size=8), st.data())
def test_an_undo_that_died_at_any_point_and_is_done_again_comes_to_the_same(things, sequence, data):
    with a_desk() as (desk, granted):
        furnish(granted, things)
        before = tree(granted)
        done = [str(n) for n, (tool, given) in enumerate(sequence) if did(desk, granted, tool, given, str(n))]

        for effect_id in reversed(done):
            with suppress(Died), dying(data.draw(st.integers(min_value=1, max_value=6))):
                undo(desk, effect_id)
            undo(desk, effect_id)

        assert tree(granted) == before


@settings(max_examples=tried(100), deadline=None)
@given(furniture, st.lists(steps, min_size=1, max_size=6), st.integers(min_value=1, max_value=8))
def test_a_call_that_died_at_any_point_and_is_made_again_is_undone_whole(things, sequence, number):
    with a_desk() as (desk, granted):
        furnish(granted, things)
        before = tree(granted)
        made = []

        for at, (tool, given) in enumerate(sequence):
            with suppress(Died), dying(number):
                did(desk, granted, tool, given, str(at))
            made.append(str(at))
            if not happened(desk, granted, tool, given, str(at)):
                did(desk, granted, tool, given, str(at))
        for effect_id in reversed(made):
            with suppress(ToolError):
                undo(desk, effect_id)

        assert tree(granted) == before


def happened(desk: Desk, granted: Path, tool: str, given: dict[str, str], effect_id: str) -> bool:
    """As it is looked up after a crash; what cannot be told is left as it is, too."""
    full = {name: f"{granted}/{value}" if value in PATHS else value for name, value in given.items()}
    look = TOOLS[tool].settled
    assert look is not None
    try:
        return look(desk.under(Halt(), effect_id), **full) is not None
    except ToolError:
        return True


@settings(max_examples=tried(150), deadline=None)
@given(furniture, st.lists(steps, min_size=1, max_size=8), path, content)
def test_what_a_person_wrote_since_is_there_after_the_undo(things, sequence, theirs, text):
    with a_desk() as (desk, granted):
        furnish(granted, things)
        done = [str(n) for n, (tool, given) in enumerate(sequence) if did(desk, granted, tool, given, str(n))]
        mine = f"by hand, {text}"
        at = granted / theirs
        with suppress(OSError):
            at.write_text(mine)
        is_written = at.is_file() and at.read_text() == mine

        for effect_id in reversed(done):
            with suppress(ToolError):
                undo(desk, effect_id)

        found = [one.read_text() for one in granted.rglob("*") if one.is_file() and not one.is_symlink()]
        assert not is_written or mine in found


@pytest.fixture
def desk(grounds: Grounds) -> Desk:
    return desk_in(grounds)


def test_a_file_edited_by_hand_since_is_left_and_it_says_so(desk, grounds):
    file = grounds.granted / "a.txt"
    file.write_text("old")
    run(desk.under(Halt(), "w"), "write_file", path=str(file), content="new")
    file.write_text("by hand")

    with pytest.raises(ToolError, match="it was changed since, and that change is kept"):
        undo(desk, "w")
    assert file.read_text() == "by hand"


def test_a_moved_file_that_was_edited_since_stays_where_it_is(desk, grounds):
    (grounds.granted / "a.txt").write_text("old")
    goal = grounds.granted / "Done" / "a.txt"
    run(desk.under(Halt(), "m"), "move_file", source=f"{grounds.granted}/a.txt", destination=str(goal))
    goal.write_text("by hand")

    with pytest.raises(ToolError, match="it was changed since"):
        undo(desk, "m")
    assert goal.read_text() == "by hand" and not (grounds.granted / "a.txt").exists()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda at: (at / "a.txt").write_text("new"), "something else has its old name now"),
        (lambda at: (at / "Done" / "a.txt").unlink(), "it was taken away since"),
        (lambda at: (at / "Done" / "a.txt").chmod(0o777), "it was changed since"),
    ],
)
def test_a_move_is_not_taken_back_over_what_people_did_since(desk, grounds, spoil, why):
    at = grounds.granted
    (at / "a.txt").write_text("old")
    run(desk.under(Halt(), "m"), "move_file", source=f"{at}/a.txt", destination=f"{at}/Done/a.txt")
    spoil(at)
    since = tree(at)

    with pytest.raises(ToolError, match=why):
        undo(desk, "m")
    assert tree(at) == since


def test_a_folder_made_on_the_way_goes_with_the_last_that_was_in_it(desk, grounds):
    at = grounds.granted
    (at / "a.txt").write_text("x")
    run(desk.under(Halt(), "m"), "move_file", source=f"{at}/a.txt", destination=f"{at}/2026/May/a.txt")

    undo(desk, "m")

    assert sorted(tree(at)) == ["a.txt"]


def test_a_folder_made_on_the_way_stays_where_somebody_put_something_into_it(desk, grounds):
    at = grounds.granted
    (at / "a.txt").write_text("x")
    run(desk.under(Halt(), "m"), "move_file", source=f"{at}/a.txt", destination=f"{at}/2026/May/a.txt")
    (at / "2026" / "theirs.txt").write_text("mine")

    said = undo(desk, "m")

    assert sorted(tree(at)) == ["2026", "2026/theirs.txt", "a.txt"]
    assert said.endswith(f"{at}/2026: it stays, as something else is in it now")


def test_where_the_folder_of_a_deleted_file_is_gone_it_is_not_made_again(desk, grounds):
    at = grounds.granted
    (at / "old").mkdir()
    (at / "old" / "a.txt").write_text("x")
    run(desk.under(Halt(), "d"), "delete_file", path=f"{at}/old/a.txt")
    (at / "old").rmdir()

    with pytest.raises(ToolError, match=f"its folder {at}/old is not there any more"):
        undo(desk, "d")
    assert tree(at) == {}


def test_a_call_made_again_after_a_crash_still_knows_what_was_there_first(desk, grounds, monkeypatch):
    file = grounds.granted / "new" / "a.txt"
    call = desk.under(Halt(), "w")

    def dies(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(descent, "remove_made", lambda made: None)
        dying.setattr("bot.tools.transfer.created", dies)
        with pytest.raises(KeyboardInterrupt):
            run(call, "write_file", path=str(file), content="x")
    assert file.parent.is_dir(), "the folder was made before the process died"
    run(call, "write_file", path=str(file), content="x")

    undo(desk, "w")
    assert tree(grounds.granted) == {}


def test_what_was_kept_is_the_same_once_however_often(desk, grounds):
    for name in "abc":
        (grounds.granted / name).write_text("the same")
        run(desk, "delete_file", path=str(grounds.granted / name))

    assert len(list(desk.kept.contents.glob("??/*"))) == 1


def test_what_cannot_be_kept_is_not_changed(desk, grounds):
    file = grounds.granted / "a.txt"
    file.write_text("old")
    desk.kept.contents.parent.mkdir()
    desk.kept.contents.write_text("no folder")

    with pytest.raises(ToolError, match="could not be kept for Undo, so nothing was changed"):
        run(desk, "write_file", path=str(file), content="new")
    assert file.read_text() == "old"


def test_a_damaged_content_is_not_put_back(desk, grounds):
    file = grounds.granted / "a.txt"
    file.write_text("old")
    run(desk.under(Halt(), "d"), "delete_file", path=str(file))
    [kept] = desk.kept.contents.glob("??/*")
    kept.write_text("odd")

    with pytest.raises(ToolError, match="damaged"):
        undo(desk, "d")
    assert tree(grounds.granted) == {}


def test_what_is_too_large_to_keep_is_not_offered_to_be_undone(grounds):
    desk = replace(desk_in(grounds), kept=Kept(grounds.own.parent / "kept", Keep(most_bytes=3)))
    small, large = grounds.granted / "small", grounds.granted / "large"
    small.write_text("abc")
    large.write_text("abcd")

    said = [TOOLS["delete_file"].inverse(desk, path=str(one)) for one in (small, large)]
    receipts = [run(desk, "delete_file", path=str(one)).receipt for one in (small, large)]

    assert said == ["Put it back", ""]
    assert [receipt.undo for receipt in receipts] == ["Put it back", ""]


def noted(kept: Kept, effect_id: str, text: str, *, at: datetime) -> None:
    old = {path for path in kept.contents.parent.rglob("*")}
    source = kept.contents.parent / "source"
    source.parent.mkdir(exist_ok=True)
    source.write_text(text)
    with source.open("rb") as file:
        digest = kept.content(file, Halt())
    before = Thing(kind="file", size=len(text), digest=digest)
    kept.note(effect_id, Change(path="/x", before=before))
    for path in set(kept.contents.parent.rglob("*")) - old:
        os.utime(path, (at.timestamp(), at.timestamp()))


def test_what_is_too_old_and_what_is_too_much_is_forgotten_the_oldest_first(tmp_path):
    now = datetime.now(UTC)
    kept = Kept(tmp_path / "kept", Keep(days=30, most_bytes=10), clock=lambda: now)
    for number, days in enumerate((1, 2, 40, 3)):
        noted(kept, f"{days} days", f"text{number}", at=now - timedelta(days=days))

    kept.prune()

    left = {days for days in (1, 2, 40, 3) if kept.change(f"{days} days") is not None}
    assert left == {1, 2}
    assert len(list(kept.contents.glob("??/*"))) == 2


def test_every_tool_that_writes_says_whether_it_can_be_undone():
    """What says nothing cannot be undone, and a checkpoint tells so."""
    writing = {"make_folder", "write_file", "edit_file", "copy_file", "move_file", "delete_file"}
    writing |= {"make_document", "edit_document", "make_chart", "query_data"}
    assert {name for name, tool in TOOLS.items() if tool.inverse is not None} == writing
    assert undo_change.name not in TOOLS, "the model is not given it"


def test_an_undo_is_judged_as_what_it_takes_back(desk, grounds):
    at = grounds.granted
    (at / "a").write_text("x")
    run(desk.under(Halt(), "create"), "write_file", path=f"{at}/new", content="x")
    run(desk.under(Halt(), "change"), "write_file", path=f"{at}/a", content="y")
    run(desk.under(Halt(), "move"), "move_file", source=f"{at}/a", destination=f"{at}/b")
    run(desk.under(Halt(), "delete"), "delete_file", path=f"{at}/b")

    made = ("create", "change", "move", "delete")
    judged = [
        [(one.effect, one.resource.name, one.resource.existed) for one in undo_change.accesses(desk, change)]
        for change in made
    ]

    assert judged == [
        [(Effect.CREATE, f"{at}/new", False)],
        [(Effect.CHANGE, f"{at}/a", True)],
        [(Effect.CHANGE, f"{at}/a", True), (Effect.CREATE, f"{at}/b", False)],
        [(Effect.DELETE, f"{at}/b", True)],
    ]


def test_a_change_that_is_not_known_any_more_is_said_so(desk):
    with pytest.raises(ToolError, match="is not kept"):
        undo(desk, "long ago")
    assert undo_change.accesses(desk, "long ago") == ()


def test_a_change_in_a_folder_that_is_read_only_by_now_stays(desk, grounds):
    change = Change(path=f"{grounds.reference}/a", before=Thing(kind="folder"))

    with pytest.raises(ToolError, match="read only"):
        restoring.take_back(desk.workspace, change, desk.kept, Halt())
    assert tree(grounds.reference) == {}
