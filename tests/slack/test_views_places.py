"""What all actions share is said once."""

from __future__ import annotations

import pytest

from bot.domain.approval import Action
from bot.domain.call import Call
from bot.slack.views.places import shared_folder, within


def move(source: str, destination: str) -> Action:
    call = Call(id="c", tool="move_file", input={"source": source, "destination": destination})
    return Action(call=call, preview=f"Move {source} → {destination}")


def test_the_shared_folder_is_above_every_path_of_every_call() -> None:
    actions = [
        move("/home/ana/reports/a.md", "/home/ana/reports/Finance/a.md"),
        move("/home/ana/reports/b", "/home/ana/reports/c"),
    ]
    folder = shared_folder(actions)
    assert folder == "/home/ana/reports"
    assert [within(action, folder) for action in actions] == [
        "Move a.md → Finance/a.md",
        "Move b → c",
    ]


def test_a_path_elsewhere_keeps_every_path_whole() -> None:
    actions = [move("/home/ana/reports/a", "/home/ana/reports/b"), move("/home/ana/reports/c", "/srv/out/c")]
    assert shared_folder(actions) == ""
    assert within(actions[0], "") == actions[0].preview


def test_a_name_that_only_begins_alike_is_no_shared_folder() -> None:
    assert shared_folder([move("/a/bc/x", "/a/bc/y"), move("/a/bcd/x", "/a/bcd/y")]) == ""


def test_a_single_action_is_shown_whole() -> None:
    assert shared_folder([move("/home/ana/reports/a", "/home/ana/reports/b")]) == ""


@pytest.mark.parametrize(
    "destination",
    ["/home/ana/reports/x/home/ana/reports/y", "/home/ana/reports/x /home/ana/reports/y"],
)
def test_a_path_that_holds_the_folder_twice_is_shown_whole(destination: str) -> None:
    actions = [move("/home/ana/reports/a", destination), move("/home/ana/reports/b", "/home/ana/reports/c")]
    folder = shared_folder(actions)

    assert [within(action, folder) for action in actions] == [actions[0].preview, "Move b → c"]


def test_a_path_with_detours_is_shown_whole() -> None:
    detour = Call(
        id="c",
        tool="move_file",
        input={
            "source": "/home/ana/reports/a/../b",
            "destination": "/home/ana/reports/x/home/ana/reports/y",
        },
    )
    preview = "Move /home/ana/b → /home/ana/reports/x/home/ana/reports/y"
    assert within(Action(call=detour, preview=preview), "/home/ana/reports") == preview
