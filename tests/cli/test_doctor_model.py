"""`cowork doctor` on the model: the key, the name, the address, and what the endpoint can do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.rehearsal.mind import rehearse
from bot.rehearsal.server import ModelDouble
from bot.web.server import Server
from tests.cli.conftest import Examine

NO_KEY = {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}


@pytest.fixture
def double() -> Iterator[ModelDouble]:
    with ModelDouble(rehearse) as double:
        yield double


@pytest.fixture
def keyless() -> Iterator[Server]:
    """An endpoint that accepts no key."""

    async def refused(_: Request) -> Response:
        return JSONResponse(NO_KEY, 401)

    yield from served(refused)


@pytest.fixture
def bare() -> Iterator[Server]:
    """A local server of the Messages protocol that has one model and says nothing else of it."""

    async def listed(request: Request) -> Response:
        return JSONResponse({"data": [{"id": "llama"}]}, 200 if request.url.path == "/v1/models" else 404)

    yield from served(listed)


def served(answer: object) -> Iterator[Server]:
    server = Server(host="127.0.0.1", port=0)
    server.start(Starlette(routes=[Route("/{any:path}", answer)]))
    yield server
    server.stop()


def test_a_model_that_answers_is_shown_with_what_it_can_do(examine: Examine, double: ModelDouble) -> None:
    found = (
        f"Claude Opus 5.5 at {double.url} (active); with prompt caching, thinking, effort, system messages, "
        "beta features"
    )
    assert examine("Model", ANTHROPIC_BASE_URL=double.url, ANTHROPIC_API_KEY="key") == [("ok", found, "")]


def test_a_model_that_will_be_retired_is_a_warning(examine: Examine, double: ModelDouble) -> None:
    given = {"ANTHROPIC_BASE_URL": double.url, "COWORK_MODEL": "claude-sonnet-4-5"}
    ((state, found, remedy),) = examine("Model", **given)
    assert (state, remedy) == ("warning", "Set COWORK_MODEL to a newer model than claude-sonnet-4-5.")
    assert "(deprecated, retires on 2026-11-30)" in found


def test_a_model_that_is_not_known_is_a_failure(examine: Examine, double: ModelDouble) -> None:
    given = {"ANTHROPIC_BASE_URL": double.url, "COWORK_MODEL": "claude-opus-9"}
    ((state, found, remedy),) = examine("Model", **given)
    assert state == "failed"
    assert found.startswith(f"The model “claude-opus-9” is not known at {double.url}")
    assert "Set COWORK_MODEL" in remedy


def test_a_key_that_is_refused_is_a_failure(examine: Examine, keyless: Server) -> None:
    given = {"ANTHROPIC_BASE_URL": keyless.url, "ANTHROPIC_API_KEY": "sk-wrong"}
    remedy = "Set ANTHROPIC_API_KEY to a valid key and restart Cowork."
    assert examine("Model", **given) == [("failed", f"{keyless.url} did not accept the API key.", remedy)]


def test_an_address_where_nobody_answers_is_a_failure(examine: Examine) -> None:
    given = {"ANTHROPIC_BASE_URL": "http://127.0.0.1:1", "ANTHROPIC_API_KEY": "key"}
    ((state, found, remedy),) = examine("Model", **given)
    assert (state, found) == ("failed", "Nothing answers at http://127.0.0.1:1.")
    assert remedy.endswith(
        "check ANTHROPIC_BASE_URL, the network, and HTTPS_PROXY if you are behind a proxy."
    )


def test_an_address_that_is_none_is_a_failure(examine: Examine) -> None:
    ((state, found, remedy),) = examine("Model", ANTHROPIC_BASE_URL="localhost:11434")
    assert (state, found) == ("failed", "ANTHROPIC_BASE_URL must begin with http:// or https://.")
    assert remedy == "Correct ANTHROPIC_BASE_URL, ANTHROPIC_API_KEY or COWORK_MODEL."


def test_a_bare_server_is_shown_with_what_it_lacks(examine: Examine, bare: Server) -> None:
    found = (
        f"llama at {bare.url} (bare Messages protocol, price unknown); without prompt caching, thinking, effort, "
        "system messages, beta features"
    )
    given = {"ANTHROPIC_BASE_URL": bare.url, "COWORK_MODEL": "llama"}
    assert examine("Model", **given) == [("ok", found, "")]


def test_a_model_that_a_bare_server_does_not_have_is_a_failure(examine: Examine, bare: Server) -> None:
    ((state, found, remedy),) = examine("Model", ANTHROPIC_BASE_URL=bare.url, COWORK_MODEL="gemma")
    assert (state, remedy) == ("failed", "Set COWORK_MODEL.")
    assert found == f"The model “gemma” is not known at {bare.url}, which has: llama."
