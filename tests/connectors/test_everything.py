"""All that a server of the older protocol asks of its client, by the protocol's own example, on each way to it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.connectors.hub import Hub, Middle
from bot.connectors.prompted import prompted
from bot.domain import form as forms
from bot.domain.asking import Asking, Reply, Said
from bot.domain.connector import Answer, Connector, Era, Transport
from bot.errors import LeftRunning, ToolError
from bot.sdk.halt import Halt
from tests.connectors import servers
from tests.connectors.servers import ANA

ASK, PAGE, SAMPLE = "trigger-elicitation-request", "trigger-url-elicitation", "trigger-sampling-request"


@pytest.fixture(scope="module", params=["stdio", "http", "sse"])
def everything(request: pytest.FixtureRequest) -> Iterator[Connector]:
    """By each way to reach it; the folders are those that it is told of."""
    of_this_machine = servers.everything()
    if request.param == "stdio":
        yield of_this_machine
        return
    with servers.served("streamableHttp" if request.param == "http" else "sse") as url:
        yield replace(
            of_this_machine,
            slug=f"everything-{request.param}",
            transport=Transport(request.param),
            command=(),
            url=url,
        )


def called(
    hub: Hub,
    connector: Connector,
    tool: str,
    given: dict[str, Any] | None = None,
    *,
    is_read: bool = False,
    **middle: Any,
) -> Answer:
    return hub.call(connector, ANA, tool, given or {}, halt=Halt(), is_read=is_read, middle=Middle(**middle))


def replied(answer: Answer, *replies: Reply) -> Asking:
    assert answer.asked is not None
    asking = Asking(connector="everything", title="Everything", question=answer.asked)
    for reply in replies:
        assert asking.open is not None
        asking = asking.replied(asking.open[0], reply)
    return asking


def test_a_server_is_told_the_folders_that_it_may_see_and_no_others(hub, everything):
    told = called(hub, everything, "get-roots-list").text

    assert "(1 total)" in told
    assert "URI: file:///srv/papers" in told


def test_a_question_is_put_in_the_middle_of_a_call_which_goes_on_with_the_reply(hub, everything):
    asked = called(hub, everything, ASK, effect_id="e1")
    assert asked.asked is not None
    form = asked.asked.forms["question"]
    reply = forms.taken(form, '{"name": "Ada", "titledSingleSelectEnum": "Wonder Woman", "integer": 7}')

    result = called(hub, everything, ASK, effect_id="e1", asking=replied(asked, reply))

    assert '"name": "Ada"' in result.text
    assert '"titledSingleSelectEnum": "hero-3"' in result.text
    assert '"integer": 7' in result.text
    assert '"titledMultipleSelectEnum": [\n      "fish-1"\n    ]' in result.text


def test_while_a_question_waits_other_calls_are_made(hub, everything):
    asked = called(hub, everything, ASK, effect_id="e2")

    assert called(hub, everything, "echo", {"message": "hello"}).text == "Echo: hello"
    result = called(hub, everything, ASK, effect_id="e2", asking=replied(asked, Reply(said=Said.DECLINE)))
    assert "declined" in result.text


def test_a_question_of_a_call_that_cannot_wait_is_declined_and_the_model_hears_of_it(hub, everything):
    result = called(hub, everything, ASK)

    assert '"action": "decline"' in result.text
    assert "Cowork declined a question of this server" in result.text


def test_a_page_to_open_is_shown_and_never_opened(hub, everything):
    given = {"url": "https://bank.example/sign", "message": "Sign"}

    asked = called(hub, everything, PAGE, given, effect_id="e3")
    assert asked.asked is not None
    assert asked.asked.forms["question"].url == "https://bank.example/sign"

    done = replied(asked, Reply(said=Said.ACCEPT))
    assert "accept" in called(hub, everything, PAGE, given, effect_id="e3", asking=done).text


def test_a_page_that_is_no_https_is_not_even_shown(hub, everything):
    result = called(
        hub, everything, PAGE, {"url": "http://127.0.0.1:8000/", "message": "Sign"}, effect_id="e4"
    )

    assert result.asked is None
    assert "no https address" in result.text


def test_a_page_that_is_to_be_opened_before_the_call_is_asked_for_and_a_no_ends_it(hub, everything):
    given = {"url": "https://bank.example/sign", "message": "Sign first", "errorPath": True}

    asked = called(hub, everything, PAGE, given, effect_id="e5")
    assert asked.asked is not None
    assert asked.asked.is_before
    assert [form.url for form in asked.asked.forms.values()] == ["https://modelcontextprotocol.io"]

    refused = called(
        hub, everything, PAGE, given, effect_id="e5", asking=replied(asked, Reply(said=Said.DECLINE))
    )
    assert (refused.is_error, "declined" in refused.text) == (True, True)
    again = called(
        hub, everything, PAGE, given, effect_id="e5", asking=replied(asked, Reply(said=Said.ACCEPT))
    )
    assert again.asked is not None
    assert again.asked.forms["question"].url == "https://bank.example/sign"
    called(hub, everything, PAGE, given, effect_id="e5", asking=replied(again, Reply(said=Said.DECLINE)))


def test_of_an_answer_that_comes_too_late_nobody_claims_to_know_what_the_call_did(hub, everything):
    asked = called(hub, everything, ASK, effect_id="e6")
    late = replied(asked, Reply(said=Said.DECLINE))
    called(hub, everything, ASK, effect_id="e6", asking=late)

    with pytest.raises(LeftRunning, match="does not wait for this answer any more"):
        called(hub, everything, ASK, effect_id="e6", asking=late)


def test_a_read_that_is_made_again_has_the_reply_that_was_given_before(hub, everything):
    asked = called(hub, everything, ASK, is_read=True, effect_id="e7")
    assert asked.asked is not None
    reply = forms.taken(asked.asked.forms["question"], '{"name": "Ada"}')

    with contextlib.closing(Hub(secret=str)) as of_the_next_process:
        result = called(
            of_the_next_process, everything, ASK, is_read=True, effect_id="e7", asking=replied(asked, reply)
        )

    assert '"name": "Ada"' in result.text
    called(hub, everything, ASK, effect_id="e7", asking=replied(asked, Reply(said=Said.DECLINE)))


def test_a_server_may_not_ask_the_model_unless_an_admin_said_so(hub, everything):
    heard: list[Any] = []

    with pytest.raises(ToolError, match="trigger-sampling-request"):
        called_or_refused(hub, everything, heard)
    assert heard == []


def called_or_refused(hub: Hub, connector: Connector, heard: list[Any]) -> Answer:
    def sample(asked: Any) -> Any:
        heard.append(asked)
        return {"role": "assistant", "content": {"type": "text", "text": "Forty-two."}, "model": "double"}

    answer = called(hub, connector, SAMPLE, {"prompt": "How many?", "maxTokens": 5}, sample=sample)
    if answer.is_error:
        raise ToolError(answer.text)
    return answer


def test_a_server_that_may_ask_the_model_gets_its_word(hub, everything):
    heard: list[Any] = []

    answer = called_or_refused(hub, servers.sampling(everything), heard)

    assert "Forty-two." in answer.text
    assert [asked["maxTokens"] for asked in heard] == [5]


def test_progress_is_heard_as_it_comes(hub, everything):
    heard: list[tuple[float, float | None, str]] = []

    hub.call(
        everything,
        ANA,
        "trigger-long-running-operation",
        {"duration": 0.1, "steps": 2},
        halt=Halt(),
        heard=lambda *said: heard.append(said),
    )

    assert heard == [(1.0, 2.0, ""), (2.0, 2.0, "")]


def test_a_stop_ends_a_call_in_its_middle_and_the_server_goes_on_serving(hub, everything):
    halt, begun = Halt(), threading.Event()
    threading.Thread(target=lambda: (begun.wait(60), halt.set()), daemon=True).start()

    with pytest.raises(LeftRunning, match="cancelled in its middle"):
        hub.call(
            everything,
            ANA,
            "trigger-long-running-operation",
            {"duration": 60, "steps": 600},
            halt=halt,
            heard=lambda *_: begun.set(),
        )
    assert called(hub, everything, "echo", {"message": "still here"}).text == "Echo: still here"


def test_pictures_structure_and_links_come_as_what_they_are(hub, everything):
    picture = called(hub, everything, "get-tiny-image")
    weather = called(hub, everything, "get-structured-content", {"location": "Chicago"})
    links = called(hub, everything, "get-resource-links", {"count": 2})

    assert [one.mime_type for one in picture.pictures] == ["image/png"]
    assert (weather.text, set(weather.structured)) == ("", {"temperature", "conditions", "humidity"})
    assert links.links == ("demo://resource/dynamic/blob/1", "demo://resource/dynamic/text/2")


def test_resources_templates_and_prompts_are_found_and_read(hub, everything):
    found = hub.look(everything, ANA)

    assert (found.era, found.can_subscribe, len(found.resources)) == (Era.HANDSHAKE, True, 7)
    assert [one.uri for one in found.templates] == [
        "demo://resource/dynamic/text/{resourceId}",
        "demo://resource/dynamic/blob/{resourceId}",
    ]
    wanted = {one.name: one.arguments for one in found.prompts}["args-prompt"]
    assert wanted == (("city", "Name of the city", True), ("state", "", False))
    given = hub.ask(
        everything, ANA, lambda client, _: prompted(client, "args-prompt", {"city": "Lima"}), halt=Halt()
    )
    assert given == "What's weather in Lima?"
    assert hub.read(everything, ANA, found.resources[0].uri, halt=Halt()).text.startswith(
        "# Everything Server"
    )
    (blob,) = hub.read(everything, ANA, "demo://resource/dynamic/blob/1", halt=Halt()).attachments
    assert blob.content.startswith(b"Resource 1: This is a base64 blob")


def test_who_read_a_resource_hears_with_a_later_answer_that_it_was_changed(hub, everything):
    uri = "demo://resource/dynamic/text/1"
    hub.read(everything, ANA, uri, halt=Halt(), reader="the task")
    called(hub, everything, "toggle-subscriber-updates", reader="another")

    deadline = time.monotonic() + 60
    while "[Changed" not in (
        said := called(hub, everything, "echo", {"message": "?"}, reader="the task").text
    ):
        assert time.monotonic() < deadline

    assert said == f"Echo: ?\n[Changed since you read it: {uri}]"
    called(hub, everything, "toggle-subscriber-updates")
    assert called(hub, everything, "echo", {"message": "!"}, reader="another").text == "Echo: !"


def test_what_a_server_does_not_have_is_not_looked_for_anywhere_else(hub, everything):
    with pytest.raises(ToolError, match="not found"):
        hub.read(everything, ANA, "file:///etc/passwd", halt=Halt())
