"""edit_document: seen before it is made, whole or not at all, taken back, and known after a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.call import Call
from bot.domain.effect import Effect
from bot.domain.label import Audience
from bot.errors import ToolError
from bot.tools.desk import Desk
from bot.tools.undoing import undo_change
from tests.documents.words import report, texts
from tests.tools.conftest import Grounds
from tests.tools.desks import TOOLS, desk_in, run

EDITS = [
    {"do": "replace_text", "old_text": "40 EUR", "new_text": "50 EUR"},
    {"do": "delete_section", "heading": "Risks"},
]


@pytest.fixture
def desk(grounds: Grounds) -> Desk:
    (grounds.granted / "a.docx").write_bytes(report())
    desk = desk_in(grounds)
    return desk.under(desk.halt, "effect-edit")


def _given(desk: Desk, edits: list[dict[str, Any]] = EDITS) -> dict[str, Any]:
    path = f"{desk.own_folder.parent}/granted/a.docx"
    return TOOLS["edit_document"].parsed(
        Call(id="c", tool="edit_document", input={"path": path, "edits": edits})
    )


def test_a_person_reads_what_an_edit_will_change(desk: Desk) -> None:
    tool, given = TOOLS["edit_document"], _given(desk)

    assert tool.preview(desk, **given) == f"Edit {given['path']} (2 edits)"
    shown = tool.detailed(desk, **given)
    assert shown.audience is desk.source(given["path"]).audience is not Audience.ANYONE
    assert (
        shown.text == "Replace:\n- 40 EUR\n+ 50 EUR\n→ Replaced in 1 place\n\n"
        "Delete the heading “Risks” and all below it\n→ Deleted 3 blocks\n\n"
        "These lines of it go, or become others:\n- The total cost is 40 EUR.\n- Risks\n- It’s late."
    )
    assert [(one.effect, one.resource.name) for one in tool.accesses(desk, **given)] == [
        (Effect.CHANGE, given["path"])
    ]


def test_an_edit_is_told_known_after_a_crash_and_taken_back(desk: Desk) -> None:
    tool, given = TOOLS["edit_document"], _given(desk)
    assert tool.settled is not None
    assert tool.settled(desk, **given) is None

    result = run(desk, "edit_document", path=given["path"], edits=EDITS)
    assert result.text == f"Edited {given['path']} (2 edits)\n1. Replaced in 1 place\n2. Deleted 3 blocks"
    assert result.receipt is not None
    assert (result.receipt.effect, result.receipt.undo) == (Effect.CHANGE, "Put back the old content")
    assert "The total cost is 50 EUR." in texts(Path(given["path"]).read_bytes())

    found = tool.settled(desk, **given)
    assert found is not None
    assert found.text == f"Edited {given['path']} (2 edits)"

    undo_change.function(desk.under(desk.halt, "effect-undo"), change="effect-edit")
    assert Path(given["path"]).read_bytes() == report()
    assert tool.settled(desk, **given) is None

    Path(given["path"]).write_bytes(b"somebody else's")
    with pytest.raises(ToolError, match="neither"):
        tool.settled(desk, **given)


def test_where_one_edit_cannot_be_made_none_is(desk: Desk) -> None:
    given = _given(desk)
    with pytest.raises(ToolError, match="'Budget' is not in the document"):
        run(
            desk,
            "edit_document",
            path=given["path"],
            edits=[*EDITS, {"do": "delete_section", "heading": "Budget"}],
        )

    assert Path(given["path"]).read_bytes() == report()


def test_a_person_reads_every_word_that_is_to_be_inserted(desk: Desk) -> None:
    blocks = [
        {"type": "heading", "text": "Next", "level": 2},
        {"type": "text", "text": "Ship *it*."},
        {"type": "code", "code": "make", "language": "sh"},
        {"type": "table", "columns": ["A"], "rows": [[1]]},
        {"type": "image", "path": "dot.png", "alt": "Dot"},
    ]
    given = _given(desk, [{"do": "insert_blocks", "after": "Risks", "blocks": blocks}])
    Path(given["path"]).rename(away := f"{given['path']}.away")  # as where a copy is to be made first

    assert TOOLS["edit_document"].detailed(desk, **given).text.splitlines() == [
        "Insert after “Risks”:", "## Next", "Ship *it*.", "```sh", "make", "```",
        *("Table:", "A", "1"),
        "Picture dot.png: Dot",
    ]  # fmt: skip
    assert [one.effect for one in TOOLS["edit_document"].accesses(desk, **given)] == [
        Effect.CHANGE,
        Effect.READ,
    ]
    Path(away).rename(given["path"])
    with pytest.raises(ToolError, match=r"'dot.png' was not found.* Nobody was asked"):
        TOOLS["edit_document"].detailed(desk, **given)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("zero.xlsx", b"", "is empty"),
        ("broken.docx", b"PK and nothing", "broken"),
        ("plan.pdf", b"%PDF-1.7", "PDF is not edited"),
    ],
)
def test_what_cannot_be_edited_is_put_to_nobody(desk: Desk, name: str, content: bytes, why: str) -> None:
    path = Path(_given(desk)["path"]).with_name(name)
    path.write_bytes(content)

    with pytest.raises(ToolError, match=f"{why}.*Nobody was asked"):
        TOOLS["edit_document"].detailed(desk, path=str(path), edits=_given(desk)["edits"])
