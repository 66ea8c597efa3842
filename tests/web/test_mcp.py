"""Cowork as an MCP server, to the SDK's own client in both eras of the protocol."""

from __future__ import annotations

import asyncio
import json

import httpx2
import pytest
from mcp import MCPError
from mcp.client.subscriptions import SubscriptionLost

from bot.domain.deciders import Authority
from bot.domain.token import TokenScope
from bot.rehearsal.answer import calls, text
from tests import alone
from tests.engine.office import ANA, BEN
from tests.web.mcp_office import ERAS, McpOffice, served

WRITE = (TokenScope.READ, TokenScope.WRITE)
APPROVERS = Authority(approvers=frozenset({"UBEN"}))


async def call(client, tool, **given):
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    found = result.structured_content
    return found["result"] if set(found) == {"result"} else found


def waits(client, task_id):
    """A call that waits for the task, and what it reports meanwhile."""
    reported: asyncio.Queue[tuple[float, float]] = asyncio.Queue()

    async def hear(progress, total, message):
        reported.put_nowait((progress, total))

    given = {"task_id": task_id, "wait_s": 50}
    return asyncio.create_task(client.call_tool("get_task", given, progress_callback=hear)), reported


async def refused(client, tool, **given):
    result = await client.call_tool(tool, given)
    assert result.is_error
    return result.content[0].text


@pytest.mark.parametrize("era", ERAS)
def test_a_goal_is_done_with_a_checkpoint_that_another_person_decides(new_office, era):
    office = new_office(
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})),
        lambda _: calls(("deliver", {"path": f"{office.reports}/plan.md", "title": "The plan"})),
        text("Deleted a.txt and handed over the plan."),
        authority=APPROVERS,
    )

    async def story(served_at: McpOffice):
        ana, ben = served_at.token(ANA), served_at.token(BEN)
        async with served_at.client(ana, era) as hers, served_at.client(ben, era) as his:
            goal = "Delete a.txt in the reports folder and hand over plan.md"
            begun = await call(hers, "start_task", goal=goal, idempotency_key="k1")
            again = await call(hers, "start_task", goal=goal, idempotency_key="k1")
            assert again["task_id"] == begun["task_id"]
            shown = await call(hers, "get_task", task_id=begun["task_id"], wait_s=30)
            assert shown["state"] == "waiting"
            asked = shown["checkpoint"]
            assert [one["what"] for one in asked["actions"]] == [f"Delete {office.reports}/a.txt"]
            assert asked["decisions"] == ["approve", "redirect", "stop"]
            about = {
                "task_id": begun["task_id"],
                "checkpoint_id": asked["checkpoint_id"],
                "decision": "approve",
            }
            why = await refused(hers, "respond_to_checkpoint", **about)
            assert "cannot say yes to what was asked for through a token of the same person" in why
            assert (office.reports / "a.txt").exists()
            assert await call(his, "respond_to_checkpoint", **about) == "Decided."
            assert "It was decided before, by Ben" in await call(his, "respond_to_checkpoint", **about)
            shown = await call(hers, "get_task", task_id=begun["task_id"], wait_s=30)
            assert (shown["state"], shown["answer"]) == ("done", "Deleted a.txt and handed over the plan.")
            assert not (office.reports / "a.txt").exists()
            read = await hers.read_resource(shown["deliverables"][0]["uri"])
            assert (read.contents[0].text, read.contents[0].mime_type) == (
                "# Plan\n\nShip it.\n",
                "text/markdown",
            )
            told = json.loads((await hers.read_resource(f"audit://{begun['task_id']}")).contents[0].text)
            assert told["effects"][0]["approved_by"] == ["UBEN@T1"]
            assert [one["task_id"] for one in await call(hers, "list_tasks")] == [begun["task_id"]]

    with served(office) as served_at:
        run(story(served_at))


def done(new_office, *answers):
    office = new_office(*(answers or (text("Nothing to do."),)))
    return office, served(office)


def run(story):
    """The story's own failure, without the groups that the SDK puts around it."""
    try:
        alone.ran(story)
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from None


@pytest.mark.parametrize("era", ERAS)
def test_a_question_is_answered_and_a_report_followed_up(new_office, era):
    office = new_office(
        calls(("ask_person", {"question": "Which quarter?", "options": ["Q1", "Q2"]})),
        text("Q2 it is."),
        text("Shorter: Q2."),
    )

    async def story(at):
        async with at.client(at.token(ANA), era) as client:
            task_id = (await call(client, "start_task", goal="Look into the reports"))["task_id"]
            asked = (await call(client, "get_task", task_id=task_id, wait_s=30))["checkpoint"]
            assert (asked["options"], asked["decisions"]) == (["Q1", "Q2"], ["answer", "stop"])
            about = {"task_id": task_id, "checkpoint_id": asked["checkpoint_id"]}
            why = await refused(client, "respond_to_checkpoint", **about, decision="redirect", words="x")
            assert "not one of the choices" in why
            await call(client, "respond_to_checkpoint", **about, decision="answer", words="Q2")
            shown = await call(client, "get_task", task_id=task_id, wait_s=30)
            assert shown["answer"] == "Q2 it is."
            assert (
                await call(client, "follow_up", task_id=task_id, text="Shorter, please") == "It works again."
            )
            shown = await call(client, "get_task", task_id=task_id, wait_s=30)
            assert shown["answer"] == "Shorter: Q2."

    with served(office) as at:
        run(story(at))


def test_a_task_that_is_stopped_says_so_and_waiting_reports_its_progress(new_office):
    office = new_office(
        calls(
            ("update_plan", {"steps": [{"title": "Look", "status": "completed"}]}),
            ("ask_person", {"question": "Go on?"}),
        )
    )

    async def story(at):
        async with at.client(at.token(ANA), "2026-07-28") as client:
            begun = await call(client, "start_task", goal="Look into the reports")
            assert begun["state"] == "queued"
            waiting, reported = waits(client, begun["task_id"])
            assert await asyncio.wait_for(reported.get(), 30) == (0, 1)
            at.work()
            shown = (await asyncio.wait_for(waiting, 30)).structured_content
            assert shown["plan"] == [{"title": "Look", "state": "completed"}]
            stopped = await call(client, "stop_task", task_id=begun["task_id"])
            assert (stopped["state"], stopped["note"]) == (
                "stopped",
                "Stopped by Ana Silva (API token claude).",
            )
            found = await call(client, "list_tasks", state="stopped")
            assert [one["task_id"] for one in found] == [begun["task_id"]]

    with served(office, works=False) as at:
        run(story(at))


@pytest.mark.parametrize("era", ERAS)
def test_what_is_somebody_elses_is_not_there(new_office, era):
    office, at = done(new_office)
    task_id = office.begin("What is in the reports folder?")

    async def story(at):
        async with at.client(at.token(BEN), era) as client:
            for tool in ("get_task", "stop_task"):
                assert "There is no task 1 that you can see" in await refused(
                    client, tool, task_id=task_id.id
                )
            for uri in (
                "task://1",
                "audit://1",
                "deliverable://1/plan.md",
                "deliverable://1/..%2Fplan.md",
                "task://x",
            ):
                with pytest.raises(MCPError, match="There is no"):
                    await client.read_resource(uri)
            assert await call(client, "list_tasks") == []
            assert (await client.list_resources()).resources == []
            assert "There is no task" in await refused(client, "follow_up", task_id=task_id.id, text="Stop")

    with at as at:
        run(story(at))


def test_what_a_token_may_not_do_it_is_told(new_office):
    office, at = done(new_office)
    task_id = office.begin("What is in the reports folder?").id

    async def story(at):
        async with at.client(at.token(ANA, TokenScope.READ), "2026-07-28") as client:
            assert "tasks:write" in await refused(client, "start_task", goal="Look")
            assert "tasks:write" in await refused(client, "stop_task", task_id=task_id)
            given = {"task_id": task_id, "checkpoint_id": "x", "decision": "approve"}
            assert "tasks:approve" in await refused(client, "respond_to_checkpoint", **given)
            with pytest.raises(MCPError, match="audit:read"):
                await client.read_resource(f"audit://{task_id}")
            assert (await call(client, "get_task", task_id=task_id))["state"] == "done"
            listed = (await client.list_resources()).resources
            assert [(str(one.uri), one.name) for one in listed] == [
                ("task://1", "What is in the reports folder?")
            ]

    with at as at:
        run(story(at))


WRONG = {
    "goal is missing": ("start_task", {}),
    "goal is empty": ("start_task", {"goal": " \n"}),
    "goal has 10,001 characters, and may have 10,000": ("start_task", {"goal": "x" * 10_001}),
    "output has 201 characters": ("start_task", {"goal": "Look", "output": "y" * 201}),
    "folders.0 is empty": ("start_task", {"goal": "Look", "folders": [""]}),
    "has no argument folder. It takes goal, channel": ("start_task", {"goal": "Look", "folder": ["/x"]}),
    "channel is not of the form": ("start_task", {"goal": "Look", "channel": "#general"}),
    "task_id is wrong: input should be less than": ("get_task", {"task_id": 10**30}),
    "before is wrong: input should be less than": ("list_tasks", {"before": 10**30}),
    "words has 10,001 characters": (
        "respond_to_checkpoint",
        {"task_id": 1, "checkpoint_id": "x", "decision": "redirect", "words": "x" * 10_001},
    ),
}


def test_what_is_wrong_with_a_call_is_said_in_words_and_nothing_was_done(new_office):
    async def story(at):
        async with at.client(at.token(ANA), "2026-07-28") as client:
            for said, (tool, given) in WRONG.items():
                why = await refused(client, tool, **given)
                assert said in why and "Nothing was done: correct the call." in why
                assert "pydantic" not in why and "validation error" not in why and "/cowork" not in why
            assert await call(client, "list_tasks") == []

    with served(new_office()) as at:
        run(story(at))


def test_whoever_listens_hears_of_their_task_and_of_no_other(new_office):
    office = new_office(text("One."))
    bens = office.begin("Look", person=BEN).id
    anas = office.start("Look")

    async def story(at):
        async with at.client(at.token(ANA), "2026-07-28") as client:
            for uri in (f"task://{bens}", "task://99", "audit://1", "task://1/x"):
                with pytest.raises(MCPError, match=r"There is no task|Only tasks"):
                    async with client.listen(resource_subscriptions=[uri]):
                        pass
            async with client.listen(resource_subscriptions=[f"task://{anas}"]) as heard:
                at.office.say(anas, "Be brief")
                event = await asyncio.wait_for(anext(aiter(heard)), 30)
            assert event.uri == f"task://{anas}"

    with served(office, works=False) as at:
        run(story(at))


def test_in_the_sessions_of_before_a_task_is_subscribed_to_and_unsubscribed_from(new_office):
    office = new_office(text("One."))
    bens = office.begin("Look", person=BEN).id
    anas = office.start("Look")

    async def story(at):
        heard: asyncio.Queue[str] = asyncio.Queue()

        async def hear(message):
            if uri := getattr(getattr(message, "params", None), "uri", None):
                heard.put_nowait(str(uri))

        async with at.client(at.token(ANA), "legacy", message_handler=hear) as client:
            with pytest.raises(MCPError, match="There is no task"):
                await client.session.subscribe_resource(f"task://{bens}")
            await client.session.subscribe_resource(f"task://{anas}")
            at.office.say(anas, "Be brief")
            assert await asyncio.wait_for(heard.get(), 30) == f"task://{anas}"
            await client.session.unsubscribe_resource(f"task://{anas}")
            at.office.say(anas, "Be brief!")
            await call(client, "get_task", task_id=anas, wait_s=0.5)
            assert heard.empty()

    with served(office, works=False) as at:
        run(story(at))


def test_a_fault_in_the_middle_of_a_look_ends_neither_the_sessions_nor_what_is_listened_to(
    new_office, caplog
):
    office = new_office(text("One."))
    anas = office.start("Look")
    latest, faults = office.record.latest, [ValueError("one surprise")]

    def faulty(task_ids):
        if heard.is_listening and faults:
            raise faults.pop()
        return latest(task_ids)

    class Heard(asyncio.Queue):
        is_listening = False

    heard = Heard()
    office.record.latest = faulty

    async def story(at):
        async def hear(message):
            if uri := getattr(getattr(message, "params", None), "uri", None):
                heard.put_nowait(str(uri))

        async with at.client(at.token(ANA), "legacy", message_handler=hear) as client:
            await client.session.subscribe_resource(f"task://{anas}")
            heard.is_listening = True
            at.office.say(anas, "Be brief")
            assert await asyncio.wait_for(heard.get(), 30) == f"task://{anas}"
            assert (await call(client, "get_task", task_id=anas))["state"] == "queued"

    with served(office, works=False) as at:
        run(story(at))
    assert faults == [] and "looked at anew" in caplog.text


@pytest.mark.parametrize("era", ERAS)
def test_a_token_that_is_revoked_does_nothing_more_in_the_middle_of_a_session(new_office, era):
    office, at = done(new_office)
    task_id = office.begin("Look").id

    async def story(at):
        secret = at.token(ANA)
        async with at.client(secret, era) as client:
            assert (await call(client, "get_task", task_id=task_id))["state"] == "done"
            at.tokens.revoke(at.tokens.known(secret).id, by="test")
            with pytest.raises(MCPError):
                await client.call_tool("get_task", {"task_id": task_id})

    with at as at:
        run(story(at))


def test_who_waits_or_listens_by_a_token_that_is_revoked_is_let_go(new_office):
    office = new_office()
    task_id = office.start("Look")

    async def story(at):
        secret = at.token(ANA)
        async with at.client(secret, "2026-07-28") as client:
            await client.list_tools()  # it would look them up by the token when the answer comes
            async with client.listen(resource_subscriptions=[f"task://{task_id}"]) as heard:
                waiting, reported = waits(client, task_id)
                await asyncio.wait_for(reported.get(), 30)
                at.tokens.revoke(at.tokens.known(secret).id, by="test")
                at.office.say(task_id, "Be brief")
                with pytest.raises(SubscriptionLost):
                    await asyncio.wait_for(anext(aiter(heard)), 30)
            result = await asyncio.wait_for(waiting, 30)
            assert (result.is_error, "was revoked" in result.content[0].text) == (True, True)

    with served(office, works=False) as at:
        run(story(at))


def test_who_listens_by_a_token_that_is_revoked_is_let_go_though_nothing_happens(new_office):
    office = new_office()
    task_id = office.start("Look")

    async def story(at):
        secret = at.token(ANA)
        async with (
            at.client(secret, "2026-07-28") as client,
            client.listen(resource_subscriptions=[f"task://{task_id}"]) as heard,
        ):
            at.tokens.revoke(at.tokens.known(secret).id, by="test")
            with pytest.raises(SubscriptionLost):
                await asyncio.wait_for(anext(aiter(heard)), 60)

    with served(office, works=False) as at:
        run(story(at))


def test_a_session_is_no_use_to_another_token(new_office):
    _, at = done(new_office)
    with at as at:
        answer = post(at, INITIALIZE, at.token(ANA))
        session = {"mcp-session-id": answer.headers["mcp-session-id"]}
        tools = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
        assert post(at, tools, at.token(BEN), session).status_code == 404
        assert post(at, tools, at.token(ANA, name="other"), session).status_code == 404


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


def post(at, message, secret="", headers=None):
    given = {"accept": "application/json, text/event-stream", **(headers or {})}
    if secret:
        given["authorization"] = f"Bearer {secret}"
    with httpx2.Client(trust_env=False) as client:
        return client.post(f"{at.url}/mcp", json=message, headers=given)


def test_without_a_good_token_nobody_comes_in_and_they_are_told_where_to_look(new_office):
    office, at = done(new_office)
    with at as at:
        where = f'resource_metadata="{at.url}/.well-known/oauth-protected-resource/mcp"'
        bare, wrong = post(at, INITIALIZE), post(at, INITIALIZE, "ck_wrong")
        late = at.token(ANA, days=1)
        office.clock.forward(days=1)
        over = post(at, INITIALIZE, late)
        assert [one.status_code for one in (bare, wrong, over)] == [401, 401, 401]
        assert bare.headers["www-authenticate"] == f'Bearer realm="cowork", {where}'
        assert wrong.headers["www-authenticate"] == f'Bearer realm="cowork", error="invalid_token", {where}'
        assert "run out" in over.json()["detail"]
        with httpx2.Client(trust_env=False) as client:
            told = client.get(where.partition('"')[2].rstrip('"')).json()
        assert told["resource"] == f"{at.url}/mcp"
        assert "tasks:read" in told["scopes_supported"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1.evil.example"}, 403),
        ({"origin": "http://localhost:3000"}, 200),
        ({}, 200),
    ],
)
def test_a_page_that_leads_a_browser_here_gets_nothing(new_office, headers, status):
    _, at = done(new_office)
    with at as at:
        assert post(at, INITIALIZE, at.token(ANA), headers).status_code == status


def test_a_token_that_asks_too_often_is_told_when_to_ask_again_and_no_other_token_waits(new_office):
    tools = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    with served(new_office(), a_minute=3) as at:
        ana, ben = at.token(ANA), at.token(BEN)
        session = {"mcp-session-id": post(at, INITIALIZE, ana).headers["mcp-session-id"]}
        answers = [post(at, tools, ana, session) for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert [one.headers["ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
        assert (answers[2].headers["retry-after"], answers[2].json()["remedy"]) == (
            "20",
            "Ask again in 20 seconds.",
        )
        assert post(at, INITIALIZE, ben).status_code == 200


def test_the_tools_say_what_they_do_to_the_world(new_office):
    _, at = done(new_office)

    async def story(at):
        async with at.client(at.token(ANA), "auto") as client:
            found = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert {name for name, tool in found.items() if tool.annotations.read_only_hint} == {
                "get_task",
                "list_tasks",
            }
            assert {name for name, tool in found.items() if tool.annotations.destructive_hint} == {
                "respond_to_checkpoint",
                "stop_task",
            }
            assert {"start_task", "follow_up"} <= found.keys()
            assert "task_id" in found["get_task"].output_schema["properties"]
            templates = (await client.list_resource_templates()).resource_templates
            assert [one.uri_template for one in templates] == [
                "task://{task_id}",
                "audit://{task_id}",
                "deliverable://{task_id}/{name}",
            ]
            assert "never decide for them" in client.instructions

    with at as at:
        run(story(at))


def test_a_token_has_its_share_of_sessions_and_begins_another_in_place_of_its_oldest(new_office):
    with served(new_office(), works=False) as at:
        mine, other = at.token(ANA), at.token(BEN, name="other")
        first = post(at, INITIALIZE, mine).headers["mcp-session-id"]
        rest = [post(at, INITIALIZE, mine) for _ in range(25)]
        others = post(at, INITIALIZE, other)

        assert {one.status_code for one in (*rest, others)} == {200}
        ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        assert post(at, ping, mine, {"mcp-session-id": first}).status_code == 404
        newest = rest[-1].headers["mcp-session-id"]
        assert post(at, ping, mine, {"mcp-session-id": newest}).status_code == 200
