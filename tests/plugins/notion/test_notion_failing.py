"""What goes wrong at Notion is told to who can act, and what may have happened is not sent again."""

from __future__ import annotations

import json

import pytest

from bot.errors import SignInNeeded, ToolError, Unavailable
from bot.sdk.trial import Trial
from plugins.notion.client import Notion
from tests.counterparts.wire import Wire
from tests.plugins.notion.world import World, its_id


def error(status: int, code: str, message: str) -> dict[str, object]:
    return {"object": "error", "status": status, "code": code, "message": message}


@pytest.mark.parametrize(
    ("status", "code", "kind", "said"),
    [
        (401, "unauthorized", SignInNeeded, "refused the sign-in: API token is invalid"),
        (403, "restricted_resource", ToolError, "does not let this account do that.*capabilities"),
        (404, "object_not_found", ToolError, "not shared with this connection"),
        (400, "validation_error", ToolError, r"refused the call \(400\): API token is invalid"),
        (409, "conflict_error", ToolError, r"refused the call \(409\)"),
        (429, "rate_limited", Unavailable, "takes no more calls"),
        (503, "service_unavailable", Unavailable, "the error 503"),
    ],
)
def test_a_refusal_is_told_to_who_can_act_and_sent_once(
    wire: Wire, failing: Trial, status: int, code: str, kind: type[Exception], said: str
) -> None:
    said_by_notion = json.dumps(error(status, code, "API token is invalid"))
    wire.refuse(status, said_by_notion, Retry_After="9")
    with pytest.raises(kind, match=said) as refused:
        failing.run("create_page", parent=its_id(1), title="x")
    assert wire.sent == [("POST", "/v1/pages")]
    if isinstance(refused.value, Unavailable):
        assert refused.value.nothing_done is (status == 429)
        assert refused.value.retry_after == 9


def test_a_create_whose_answer_is_lost_is_sent_once(wire: Wire, failing: Trial) -> None:
    wire.lose_answer()
    with pytest.raises(Unavailable) as lost:
        failing.run("create_page", parent=its_id(1), title="x")
    assert not lost.value.nothing_done
    assert wire.sent == [("POST", "/v1/pages")]


def test_an_answer_that_cannot_be_read_is_an_outage(wire: Wire, failing: Trial) -> None:
    wire.refuse(200, "<html>")
    with pytest.raises(Unavailable, match="cannot be read"):
        failing.run("read_page", page=its_id(1))


def test_a_dead_token_is_refused_by_the_counterpart(world: World, trial: Trial) -> None:
    world.prism.answer("GET", "/v1/users/me", error(401, "unauthorized", "No"), code=401)
    with pytest.raises(SignInNeeded):
        Notion(trial.connection).me()
