"""Charts as pictures: whatever the values and names, something that can be read, or what is to be mended."""

from __future__ import annotations

import io
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from bot.documents import charts, fonts
from bot.documents.content import Chart
from bot.documents.plots import KINDS
from bot.errors import ToolError


def chart(kind: str = "column", /, *values: float | None, **more: Any) -> Chart:
    given = {"kind": kind, "series": [{"name": "sales", "values": list(values or (1, 2, 3))}], **more}
    names = {} if kind == "histogram" else {"categories": [str(one) for one in range(len(values or "123"))]}
    return Chart.model_validate({**names, **given})


def size(file: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(file)) as picture:
        return picture.size


def colours(file: bytes) -> set[tuple[int, ...]]:
    with Image.open(io.BytesIO(file)) as picture:
        return {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or ()}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_a_picture_in_the_first_colour(kind: str) -> None:
    file = charts.drawn(chart(kind)).file
    assert size(file) == (charts.WIDTH, charts.HEIGHT)
    assert any(blue > 150 > red + 20 for red, _, blue in colours(file))


def test_the_same_chart_is_the_same_file() -> None:
    for form in ("png", "svg"):
        assert charts.drawn(chart(), form).file == charts.drawn(chart(), form).file


@pytest.mark.parametrize(
    "given",
    [
        chart("line", 5.0),
        chart("column", -3, 0, None, 1e99),
        chart("histogram", 7.0),
        chart("histogram", 0, 1e-90, 1e90),
        chart("line", *(one % 7 for one in range(1_000))),
        chart("bar", 1, 2, categories=["a name of many words " * 9, "x" * 500]),
        chart("column", title="title " * 200, x_title="x " * 300, y_title="y " * 300),
        chart("column", series=[{"name": f"s{one} " * 30, "values": [1, 2, 3]} for one in range(20)]),
    ],
    ids=[
        "one point",
        "negative and missing",
        "one value",
        "far apart",
        "many",
        "long names",
        "long titles",
        "series",
    ],
)
def test_what_is_too_much_or_too_little_still_stands_in_its_frame(given: Chart) -> None:
    file = charts.drawn(given).file
    assert size(file) == (charts.WIDTH, charts.HEIGHT)
    with Image.open(io.BytesIO(file)) as picture:
        grey = picture.convert("L")
        edges = [grey.crop(box) for box in ((0, 0, 1200, 2), (0, 673, 1200, 675), (1198, 0, 1200, 675))]
    assert all(edge.getextrema()[0] > 200 for edge in edges)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (chart("column", None, None), "no values"),
        (chart("pie", 1, -1), "from 0 on"),
        (chart("pie", 0, 0), "from 0 on"),
        (chart("pie", *range(1, 15)), "at most 12 parts"),
        (chart("line", 1, 2, categories=["a"]), "2 values for 1 categories"),
        (chart("scatter", 1, categories=["monday"]), "give numbers"),
        (chart("column", 1, 1e300), "too large"),
    ],
)
def test_values_that_make_no_such_chart_are_refused_with_what_to_do(given: Chart, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        charts.drawn(given)


def test_dollars_are_money_and_no_name_is_markup_or_hidden() -> None:
    names = ["$5 and $6^2_x$", "_hidden", "--><script>alert(1)</script>", "</svg><b>"]
    given = chart("line", series=[{"name": one, "values": [1, 2, 3]} for one in names], title="<i>&$x$")
    file = charts.drawn(given, "svg").file
    tags = {etree.QName(one).localname for one in etree.fromstring(file).iter(etree.Element)}
    assert tags <= {"svg", "metadata", "defs", "style", "g", "path", "rect", "use", "clipPath", "RDF", "Work"}
    two = charts.drawn(given.model_copy(update={"series": given.series[:1]}), "svg").file
    assert len(file) > len(two) + 4_000
    assert b"http" not in file.replace(b"http://www.w3.org", b"").replace(b"http://purl.org", b"")[600:]


def test_a_character_that_no_font_has_is_said() -> None:
    (note,) = charts.drawn(chart(title="\U0001f984 and \U000131f9")).notes
    assert note.startswith("2 characters have no font") and "fonts-noto" in note
    assert charts.drawn(chart(title="Żółć Ωμέγα Привет “” € ½")).notes == ()


def test_chinese_needs_a_font_of_the_machine() -> None:
    notes = charts.drawn(chart(title="中文")).notes
    assert notes == () if fonts.asian() else "fonts-noto-cjk" in notes[0]
