"""What is taken for a placeholder, and what looks like one and is none."""

from __future__ import annotations

import pytest

from bot.documents.inspecting import found
from bot.documents.placeholders import placeholders
from tests.documents.words import made

LEFT = [
    "[TBD]",
    "TBD",
    "Revenue was $XX million",
    "€X.X m",
    "<<Client>>",
    "[Q4 number here]",
    "[INSERT CHART]",
    "lorem ipsum dolor",
    "TODO add numbers",
    "[xx]",
    "$[amount]",
    "Sample text here",
    "Text goes here",
    "Your text here",
    "[Placeholder]",
    "Owner: TBC",
    "[to be completed]",
    "Dear [Your Name],",
    "{{company}} grew",
    "{{ Client Name }}",
    "[insert date]",
    "[Company Name]",
    "discount XX% off",
    "Click to add title",
    "Budget: TBD.",
    "| Owner | TBD |",
    "- TODO: write this",
    "Your text here. TODO add the risks",
    "[Date]",
    "[add a sentence on costs]",
    "[describe the context]",
    "<insert logo>",
    "<your name>",
    "TODO: a title",
    "[your name]",
    "[Your company name]",
    "[Project name]",
    "[Enter the amount]",
    "TODO",
    "[Client Name]",
    "[insert]",
]
MEANT = [
    "Source: [Company A annual report, 2024]",
    "see [Client feedback, 12 May]",
    "[Name of the act, s. 4]",
    "Button [Add to cart] is blue",
    "the syntax {{ user.name }} in Jinja",
    "We use `{{ .Values.image }}` in Helm",
    "Click to edit a page in Confluence",
    "line 12 has TODO: fix the cache",
    "[Date and time, CET] is the column",
    "arr[date] = 1",
    "the options are [date], [author]",
    "[Author, 2021] shows",
    "<your-host>:8080 replaced",
    "Type [enter] to go on",
    "[Describe] the command",
    "[Client ID] in the header",
    "dial +49 [your area code]",
    "See [Adding users]",
    "There are 14 TODO comments in src",
    "it removes the TODO in pay.py",
    "A TODO list app",
    "```yaml\n- run: echo ${{ matrix.python }}\n```",
    "env: ${{ secrets.TOKEN }}",
    "see [here](b.md) and [your name](x)",
    "[1] Smith, 2020",
    "TBD-42 is closed",
    "XX century",
    "Super Bowl XXX",
    "$XDG_HOME and $X",
    "[Title of the book, 1999]",
    "[Company A, 2024]",
    "as the [Customer Portal] shows",
    "[x] done",
    "press [Enter]",
    "[Add] button",
    "`[insert name]`",
    "the TODOs are gone",
    "[Date: 2026-03-01]",
    "[DATE_FORMAT]",
    "[Project Phoenix]",
    "[Team A](x)",
    "[Key Account Management]",
    "option [name=value]",
    "Click to add an item to the cart",
]


@pytest.mark.parametrize("text", LEFT)
def test_what_was_to_be_filled_in_later_is_found(text: str) -> None:
    assert placeholders([f"Costs were low.\n{text}\nSo they stay."]) != []


@pytest.mark.parametrize("text", MEANT)
def test_what_stands_there_as_it_is_meant_is_not(text: str) -> None:
    assert placeholders([f"Costs were low.\n{text}\nSo they stay."]) == []


def test_code_in_a_document_has_marks_of_its_own() -> None:
    blocks = [
        {"type": "text", "text": "Set `{{host}}`, says [insert author]."},
        {"type": "code", "code": "TODO: {{port}}", "language": "yaml"},
    ]
    page = b"<html><body><p>Set <code>{{host}}</code>, says [insert author].</p><pre>{{port}}</pre></body></html>"

    for seen in (found(made(blocks=blocks).file, "docx"), found(page, "html")):
        (fault,) = seen.faults
        assert "“[insert author]” stands in it" in fault
