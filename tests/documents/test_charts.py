"""Charts as pictures: whatever the values and names, something that can be read, or what is to be mended."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from bot.documents import charts, fonts
from bot.documents.content import Chart
from bot.documents.drawing import Drawing
from bot.documents.plots import KINDS, _folded, apart, short
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


def test_a_character_that_no_font_has_is_left_out_and_said() -> None:
    made = charts.drawn(chart(title="The \U0001f984 and \U000131f9", categories=["\U0001f984", "b", "c"]))
    (note,) = made.notes
    assert note.startswith("2 characters are left out of charts") and "Say it in words" in note
    same = charts.drawn(chart(title="The  and", categories=["unicorn face", "b", "c"]))
    assert (made.file, same.notes) == (same.file, ())
    assert charts.drawn(chart(title="Żółć Ωμέγα Привет “” € ½")).notes == ()


def test_chinese_needs_a_font_of_the_machine() -> None:
    notes = charts.drawn(chart(title="中文")).notes
    assert notes == () if fonts.asian() else "fonts-noto-cjk" in notes[0]


def ticks(given: Chart) -> tuple[list[float], list[float]]:
    """The marks at the y axis, and where it begins and ends."""
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    KINDS[given.kind](axes, given)
    return [float(one) for one in axes.get_yticks()], [float(one) for one in axes.get_ylim()]


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        (chart("line", 1, 1, 1), [0, 2]),
        (chart("column", 0, 0, 0), [0, 1]),
        (chart("line", 0, 0), [0, 1]),
        (chart("line", -4, -4), [-8, 0]),
    ],
)
def test_what_is_always_the_same_is_drawn_from_nought(given: Chart, ends: list[float]) -> None:
    assert ticks(given)[1] == ends


@pytest.mark.parametrize("kind", ["column", "line", "scatter", "histogram"])
def test_between_whole_numbers_there_is_no_half_at_the_axis(kind: str) -> None:
    assert all(one.is_integer() for one in ticks(chart(kind, 1, 2, 2))[0])
    assert not all(one.is_integer() for one in ticks(chart("line", 1.5, 2, 2))[0])


def test_counts_and_areas_begin_at_nought_and_a_line_far_from_it_does_not() -> None:
    assert [ticks(one)[1][0] for one in (chart("area", 2_300, 4_200), chart("line", 3, 9))] == [0, 0]
    assert ticks(chart("line", 1_000_000, 1_000_300))[1][0] > 999_000


def test_a_long_title_and_the_ends_of_long_names_are_all_there() -> None:
    names = [f"A category with a rather long name and words that all share, number {one}" for one in range(9)]
    assert {short(one)[-9:] for one in names} == {f" number {one}"[-9:] for one in range(9)}
    assert all(folded.endswith(f"number {one}") for one, folded in enumerate(map(_folded, names)))
    file = charts.drawn(chart("bar", *range(9), categories=names, title="word " * 12)).file
    with Image.open(io.BytesIO(file)) as picture:
        head = picture.convert("L").crop((0, 0, 1200, 60)).point(lambda one: 255 * (one < 128)).getbbox()
    assert head is not None and head[0] < 40 and head[2] < 1190


def test_bars_that_are_not_all_named_are_said() -> None:
    (note,) = charts.drawn(chart("bar", *range(40))).notes
    assert "names only every second of its 40 bars" in note


@pytest.mark.parametrize(
    "places", [[0.0, 0.01, 0.02], [-1.0, 0.0, 1.0], [0.5], [], [-1.0, 0.9, 0.91, 0.92, 1.0]]
)
def test_names_of_small_parts_of_a_pie_stand_apart_and_in_their_order(places: list[float]) -> None:
    found = apart(places, 0.19)
    assert all(b - a >= 0.19 - 1e-9 for a, b in pairwise(found)) and len(found) == len(places)
    assert found == places or max(abs(a - b) for a, b in zip(found, places, strict=True)) < 0.6


def test_a_pie_names_every_part_with_its_share() -> None:
    file = charts.drawn(
        chart("pie", 0.5, 99.5, 0, 20, categories=["a", "b", "nobody", "c"]), "svg"
    ).file.decode()
    assert [one in file for one in ("a  &lt;1%", "b  83%", "c  17%", "nobody")] == [True, True, True, False]


def test_what_several_charts_of_a_document_cannot_show_is_said_once() -> None:
    drawing = Drawing()
    for title in ("Up \U0001f984", "Down \U0001f680", "Again \U0001f984", "Plain"):
        drawing.chart(chart(title=title))
    [note] = drawing.notes
    assert note.startswith("2 characters are left out of charts") and "\U0001f680 \U0001f984" in note
