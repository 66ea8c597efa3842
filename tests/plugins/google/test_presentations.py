"""Google Slides are made from an outline, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ToolError
from bot.sdk.trial import Trial
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.plugins.google.conftest import connection

PRESENTATION = "/v1/presentations/{presentationId}"
OUTLINE = "# Done\n\n- Search 😀\n  - faster\n\n# Next\n\nCheckout\n\n# Thanks"
EMPTY = {"revisionId": "r1", "slides": [{"objectId": "p"}]}


@pytest.fixture
def both(drive: Trial, official: Prism, emulate: Emulate) -> Trial:
    return replace(drive, connection=connection(emulate.google.url, docs=official.url))


def test_each_heading_becomes_a_slide_after_the_title(both: Trial, official: Prism) -> None:
    official.answer("GET", PRESENTATION, EMPTY)
    made = both.run(
        "create_presentation", effect_id="e1", title="Sprint 7", outline=OUTLINE, folder="meetings"
    )
    assert "Kind: Google Slides" in both.run("get_file", file=made.ids[0]).text
    call = official.calls[-1]
    requests: list[dict[str, Any]] = call.body["requests"]
    layouts = [
        one["createSlide"]["slideLayoutReference"]["predefinedLayout"]
        for one in requests
        if "createSlide" in one
    ]
    assert layouts == ["TITLE", "TITLE_AND_BODY", "TITLE_AND_BODY", "TITLE_ONLY"]
    texts = [one["insertText"]["text"] for one in requests if "insertText" in one]
    assert texts == ["Sprint 7", "Done", "Search 😀\n\tfaster", "Next", "Checkout", "Thanks"]
    assert [one for one in requests if "createParagraphBullets" in one] == [
        {
            "createParagraphBullets": {
                "objectId": "cowork_slide_1_body",
                "textRange": {"type": "ALL"},
                "bulletPreset": "BULLET_DISC_CIRCLE_SQUARE",
            }
        }
    ]
    assert requests[-1] == {"deleteObject": {"objectId": "p"}}
    assert call.body["writeControl"] == {"requiredRevisionId": "r1"}
    assert not any(call.violations for call in official.calls)


def test_an_outline_without_anything_is_refused_before_anything_is_made(both: Trial, official: Prism) -> None:
    before = both.run("search_files", query="").text
    with pytest.raises(ToolError, match="has no slides"):
        both.run("create_presentation", effect_id="e1", title="Sprint 7", outline=" \n")
    assert both.run("search_files", query="").text == before
    assert official.calls == []


def test_one_that_was_made_but_not_filled_is_filled_and_one_that_was_is_found(
    google: Trial, official: Prism
) -> None:
    given = {"title": "Sprint 7", "outline": OUTLINE}
    mine = {"id": "p1", "name": "Sprint 7", "appProperties": {"cowork": "cowork-e1"}}
    for slides, is_done in ((EMPTY, False), ({"slides": [{"objectId": "cowork_slide_0"}]}, True)):
        official.answer("GET", "/drive/v3/files", {"files": [mine]})
        official.answer("GET", PRESENTATION, slides)
        found = google.settled("create_presentation", effect_id="e1", **given)
        assert (found is not None) == is_done
    official.answer("GET", "/drive/v3/files", {"files": [mine]})
    official.answer("GET", PRESENTATION, EMPTY)
    google.run("create_presentation", effect_id="e1", **given)
    official.answer("GET", "/drive/v3/files", {"files": [mine]})
    official.answer("GET", PRESENTATION, {"slides": [{"objectId": "cowork_slide_0"}]})
    google.run("create_presentation", effect_id="e1", **given)
    posts = [call.path for call in official.calls if call.method == "POST"]
    assert posts == ["/v1/presentations/p1:batchUpdate"]
