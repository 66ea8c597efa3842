"""No path and no link leads out of the granted folders."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import ToolError
from bot.tools.descent import LinkMet
from bot.tools.paths import NotGranted, Root
from bot.tools.workspace import Workspace
from tests.laws import tried
from tests.tools.conftest import Grounds


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../outside/secret.txt",
        "a/../../b",
        "..",
        "~/x",
        "~root/x",
        "a\0b",
        "/",
        "/proc/self/environ",
    ],
)
def test_a_path_elsewhere_is_refused_and_told_what_is_granted(grounds: Grounds, path: str) -> None:
    with pytest.raises(NotGranted, match=f"Granted: {grounds.granted} \\(read and write\\); "):
        grounds.workspace.open_read(path)


def test_a_sibling_with_the_same_beginning_is_outside(grounds: Grounds) -> None:
    with pytest.raises(NotGranted):
        grounds.workspace.write_new(f"{grounds.granted}-too/a.txt", b"")


def test_half_a_character_and_an_endless_path_are_refused(grounds: Grounds) -> None:
    for path in ("\ud800.txt", "x/" * 3000):
        with pytest.raises(NotGranted):
            grounds.workspace.write_new(path, b"")


def test_of_nested_grants_the_innermost_decides_by_whatever_way_it_is_named(grounds: Grounds) -> None:
    (grounds.granted / "state" / "laws").mkdir(parents=True)
    alias = grounds.granted.parent / "alias"
    alias.symlink_to(grounds.granted)
    roots = [Root(path=alias, writable=True), Root(path=grounds.granted / "state" / "laws", writable=False)]
    workspace = Workspace(roots, grounds.own)

    workspace.write_new(f"{alias}/a.txt", b"")
    with pytest.raises(NotGranted, match="read only"):
        workspace.write_new(f"{alias}/state/laws/a.txt", b"")
    with pytest.raises(NotGranted, match="holds a granted folder"):
        workspace.move(f"{alias}/state", f"{alias}/lawless")

    assert workspace.stat(f"{alias}/a.txt").path == f"{alias}/a.txt"


def test_reading_follows_links_that_stay_inside(grounds: Grounds) -> None:
    (grounds.reference / "deep").mkdir()
    (grounds.reference / "deep" / "a.txt").write_text("found")
    (grounds.granted / "absolute").symlink_to(grounds.reference / "deep")
    (grounds.granted / "relative").symlink_to("../reference/deep/a.txt")
    (grounds.granted / "twice").symlink_to("relative")

    for path in ("absolute/a.txt", "relative", "twice"):
        assert grounds.workspace.open_read(f"{grounds.granted}/{path}").read() == b"found"
    assert grounds.workspace.stat(f"{grounds.granted}/twice").path == f"{grounds.reference}/deep/a.txt"
    assert [entry.name for entry in grounds.workspace.listing(f"{grounds.granted}/absolute")] == ["a.txt"]


def test_reading_does_not_follow_links_that_lead_out_or_in_a_circle(grounds: Grounds) -> None:
    (grounds.granted / "file").symlink_to(grounds.outside / "secret.txt")
    (grounds.granted / "folder").symlink_to("../outside")
    (grounds.granted / "circle").symlink_to("circle")

    for path in ("file", "folder/secret.txt"):
        with pytest.raises(NotGranted, match="a link that leads out of the granted folders"):
            grounds.workspace.open_read(f"{grounds.granted}/{path}")
    with pytest.raises(ToolError, match="in a circle"):
        grounds.workspace.open_read(f"{grounds.granted}/circle")


def test_a_walk_does_not_go_through_links(grounds: Grounds) -> None:
    (grounds.granted / "out").symlink_to(grounds.outside)
    (grounds.granted / "round").symlink_to(".")

    listed = grounds.workspace.listing(str(grounds.granted), recursive=True)

    assert [entry.name for entry in listed] == ["out", "round"]
    assert grounds.workspace.search("secret").hits == ()


@pytest.mark.parametrize("inside", [True, False])
def test_writing_follows_no_link_wherever_it_leads(grounds: Grounds, inside: bool) -> None:
    goal = grounds.own if inside else grounds.outside
    (grounds.own / "secret.txt").write_text("secret")
    (grounds.granted / "folder").symlink_to(goal)
    (grounds.granted / "file").symlink_to(goal / "secret.txt")
    (grounds.granted / "plain").write_text("plain")
    at, workspace = str(grounds.granted), grounds.workspace
    attempts: list[Callable[[], object]] = [
        lambda: workspace.write_replacing(f"{at}/file", b"x"),
        lambda: workspace.write_new(f"{at}/file", b"x"),
        lambda: workspace.write_new(f"{at}/folder/new.txt", b"x"),
        lambda: workspace.make_folder(f"{at}/folder/new"),
        lambda: workspace.copy(f"{at}/plain", f"{at}/file"),
        lambda: workspace.copy(f"{at}/plain", f"{at}/folder/new.txt"),
        lambda: workspace.move(f"{at}/plain", f"{at}/folder/new.txt"),
        lambda: workspace.move(f"{at}/folder/secret.txt", f"{at}/new.txt"),
        lambda: workspace.delete(f"{at}/folder/secret.txt"),
    ]

    for attempt in attempts:
        with pytest.raises(ToolError):
            attempt()

    assert grounds.outside_is_untouched()
    assert {path.name: path.read_text() for path in grounds.own.iterdir()} == {"secret.txt": "secret"}
    assert (grounds.granted / "plain").read_text() == "plain"


def test_delete_and_move_act_on_the_link_itself(grounds: Grounds) -> None:
    (grounds.granted / "one").symlink_to(grounds.outside / "secret.txt")
    (grounds.granted / "two").symlink_to(grounds.outside)

    grounds.workspace.delete(f"{grounds.granted}/one")
    grounds.workspace.move(f"{grounds.granted}/two", f"{grounds.granted}/three")

    assert os.listdir(grounds.granted) == ["three"]
    assert os.readlink(grounds.granted / "three") == str(grounds.outside)
    assert grounds.outside_is_untouched()


def test_a_refused_write_through_a_link_names_the_place_it_leads_to(grounds: Grounds) -> None:
    (grounds.granted / "latest").symlink_to("2024")
    (grounds.granted / "2024").mkdir()

    with pytest.raises(LinkMet, match=r"latest' is a link to '2024'.*Use the place it leads to"):
        grounds.workspace.write_new(f"{grounds.granted}/latest/a.txt", b"")


_names = st.sampled_from(
    [
        "..",
        ".",
        "",
        "~",
        "out",
        "in",
        "a",
        "secret.txt",
        "outside",
        "granted",
        "\0",
        "é",
        "e\u0301",
        "\\",
        "%2e%2e",
    ]
)


@settings(max_examples=tried(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(_names, max_size=6), start=st.sampled_from(["", "/", "//", "GRANTED/", "GRANTED/../"]))
def test_no_path_string_opens_or_writes_anything_outside(
    grounds: Grounds, names: list[str], start: str
) -> None:
    for name, goal in (("out", grounds.outside), ("in", grounds.own)):
        for folder in (grounds.granted, grounds.own):
            if not (folder / name).is_symlink():
                (folder / name).symlink_to(goal)
    path = start.replace("GRANTED", str(grounds.granted)) + "/".join(names)

    for attempt in (
        lambda: _real_path(grounds.workspace, path),
        lambda: grounds.workspace.write_replacing(path, b"x"),
        lambda: grounds.workspace.move(path, f"{path}-moved"),
    ):
        try:
            opened = attempt()
        except ToolError:
            continue
        if isinstance(opened, Path):
            assert grounds.outside not in (opened, *opened.parents)

    assert grounds.outside_is_untouched()
    assert sorted(os.listdir(grounds.granted.parent)) == ["granted", "outside", "own", "reference"]


@settings(max_examples=tried(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=40))
def test_any_text_is_either_a_place_inside_or_a_clear_refusal(grounds: Grounds, path: str) -> None:
    try:
        spot = grounds.workspace.locate(path)
    except NotGranted:
        return
    assert Path(spot.real).is_relative_to(spot.base)
    assert spot.base in {str(grounds.own), str(grounds.granted), str(grounds.reference)}
    assert grounds.workspace.locate(spot.shown).real == spot.real


def _real_path(workspace: Workspace, path: str) -> Path:
    with workspace.open_read(path) as file:
        return Path(os.readlink(f"/proc/self/fd/{file.fileno()}"))
