"""No two files ever get the same name, and every file is moved once."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.goals.draft import drafted
from bot.rehearsal.goals.filing import Filing
from bot.rehearsal.goals.naming import Convention
from bot.rehearsal.goals.proposal import proposed

_NAMES = st.text(st.sampled_from("aAbBéE\u0301ßẞİ.- 2"), min_size=1, max_size=6).filter(
    lambda name: name.strip(".") == name
)
_FOLDERS = st.sampled_from(["", "hr", "HR", "Finance", "Unsorted", "unsorted", "finance/old", "É"])
_FACTS = st.tuples(
    st.sampled_from(["HR", "hr", "Finance", "É", "E\u0301", ""]),
    st.sampled_from(["2026-03", ""]),
    st.sampled_from(["Report", "REPORT", ""]),
)


@st.composite
def filings(draw: st.DrawFn) -> list[Filing]:
    found: dict[str, Filing] = {}
    for folder, name, (department, period, kind) in draw(
        st.lists(st.tuples(_FOLDERS, _NAMES, _FACTS), max_size=25)
    ):
        inside = f"{folder}/{name}" if folder else name
        found[inside] = Filing(
            path=f"/r/{inside}", inside=inside, department=department, period=period, type=kind
        )
    return list(found.values())


def _same(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


@given(filings())
def test_targets_never_clash_and_every_source_moves_at_most_once(files: list[Filing]) -> None:
    inside = [each.inside for each in files]
    folders = {each.folder for each in files if each.folder}
    proposal = proposed(drafted(files, Convention()), "/r", folders, inside)

    moves = [action["input"] for action in proposal.actions if action["tool"] == "move_file"]
    made = [action["input"]["path"] for action in proposal.actions if action["tool"] == "make_folder"]
    targets = [_same(move["destination"]) for move in moves]
    there = {_same(f"/r/{name}") for name in (*inside, *folders)}

    assert len(set(targets)) == len(targets)
    assert there.isdisjoint(targets)
    assert sorted(place.placement.filing.path for place in proposal.places) == sorted(
        f"/r/{name}" for name in inside
    )
    assert len({move["source"] for move in moves}) == len(moves)
    assert len({_same(path) for path in made}) == len(made)
    assert there.isdisjoint(_same(path) for path in made)
    parents = {move["destination"].rpartition("/")[0] for move in moves}
    assert parents <= {*made, *(f"/r/{name}" for name in folders), "/r"}


@given(filings())
def test_an_order_once_made_is_left_as_it_is(files: list[Filing]) -> None:
    inside = [each.inside for each in files]
    first = proposed(drafted(files, Convention()), "/r", {f.folder for f in files if f.folder}, inside)
    moved = [
        Filing(path=f"/r/{p.target}", inside=p.target, department=f.department, period=f.period, type=f.type)
        for p in first.places
        for f in [p.placement.filing]
    ]
    folders = {f.folder for f in [*files, *moved] if f.folder}
    again = proposed(drafted(moved, Convention()), "/r", folders, [f.inside for f in moved])
    assert [(move.placement.filing.inside, move.target) for move in again.moves] == []
