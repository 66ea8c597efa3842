"""Mermaid as pictures: what cannot be drawn says what to mend, and what is hostile stays a picture."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.documents import diagrams, fonts, web
from bot.documents.content import Content, Diagram
from bot.documents.drawing import Drawing
from bot.errors import ToolError


def drawn(mermaid: str) -> Image.Image:
    return Image.open(io.BytesIO(diagrams.drawn(mermaid).file)).convert("RGB")


@pytest.mark.parametrize(
    "mermaid",
    [
        "flowchart LR\n A[Start] --> B{Good?}\n B -->|yes| C[Ship]",
        "sequenceDiagram\n Ann->>Bob: Hello\n Bob-->>Ann: Hi",
        "erDiagram\n CUSTOMER ||--o{ ORDER : places",
        "gantt\n dateFormat YYYY-MM-DD\n section A\n one :a1, 2026-01-01, 30d",
    ],
    ids=lambda text: text.split()[0],
)
def test_each_kind_is_a_picture_on_white(mermaid: str) -> None:
    picture = drawn(mermaid)
    assert min(picture.size) > 100
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert len(picture.getcolors(1 << 24) or ()) > 10


@pytest.mark.parametrize(
    ("mermaid", "said"),
    [
        ("flowchart LR\n A[open --> B", "Parse error on line"),
        ("please draw the process", "No diagram type"),
        ("", "No diagram type"),
        ("flowchart LR\n" + "\n".join(f"N{one} --> N{one + 1}" for one in range(400)), "too large"),
        (
            "flowchart LR\n " + " & ".join("abcdefghijklmn") + " --> " + " & ".join("opqrstuvwxyz"),
            "too large",
        ),
    ],
)
def test_what_is_no_diagram_says_what_to_mend(mermaid: str, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        diagrams.drawn(mermaid)


def test_no_picture_of_the_machine_gets_into_a_diagram(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (300, 300), (255, 0, 0)).save(secret)
    for label in (f"<img src='file://{secret}' width='300' height='300'/>", "<iframe src='file:///etc'>"):
        with pytest.raises(ToolError, match="cannot hold pictures"):
            diagrams.drawn(f'flowchart LR\n A["{label}"] --> B')
    escaped = f"#60;img src='file://{secret}' width='300' height='300'/#62;"
    css = f"%%{{init: {{'themeCSS': '.node rect {{ fill: url(file://{secret}) }}'}}}}%%\n"
    for mermaid in (f'flowchart LR\n A["{escaped}"] --> B', f"{css}flowchart LR\n A --> B"):
        found = drawn(mermaid).getcolors(1 << 24) or ()
        assert not any(red > 240 and green < 20 for _, (red, green, _blue) in found)


def test_clicks_and_scripts_leave_nothing_but_the_picture() -> None:
    plain = "flowchart LR\n A[Start] --> B[End]\n"
    hostile = plain + ' click A href "https://evil.example/"\n click B call alert(1)\n'
    assert drawn(hostile).size == drawn(plain).size


def test_a_character_that_no_font_has_is_said() -> None:
    assert "\U0001f984" in diagrams.drawn("flowchart LR\n A[\U0001f984]").notes[0]
    chinese = diagrams.drawn("flowchart LR\n A[中文 and words]").notes
    assert chinese == () if fonts.asian() else "fonts-noto-cjk" in chinese[0]
    assert diagrams.drawn("flowchart LR\n A[Ωμέγα Привет]").notes == ()


def test_a_diagram_whose_letters_come_out_too_small_is_said() -> None:
    drawing = Drawing()
    long = Diagram(type="diagram", alt="All steps", mermaid=_chain(26))
    short = Diagram(type="diagram", alt="Few", mermaid=_chain(3))
    web.written(Content(blocks=[short]), drawing, None)
    assert drawing.notes == []
    web.written(Content(blocks=[short, long]), drawing, None)
    [note] = drawing.notes
    assert note.startswith("The diagram “All steps” is too small to be read: its letters come out at ")


def _chain(steps: int) -> str:
    return "flowchart LR\n" + "\n".join(f" s{one}[Step {one}] --> s{one + 1}" for one in range(steps))
