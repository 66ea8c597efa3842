"""`cowork mcp`: the SDK's own client starts it, and uses through it a Cowork that runs, in both eras."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.subscriptions import SubscriptionLost

from bot.domain.deciders import Authority
from bot.domain.token import TokenScope
from bot.rehearsal.answer import calls, text
from bot.web.bridge.reach import Reach
from bot.web.server import Server
from tests import alone
from tests.engine.office import ANA
from tests.web.mcp_office import McpOffice, door_of, served

COWORK = str(Path(sys.executable).with_name("cowork"))
PATIENCE = 60


@contextlib.asynccontextmanager
async def started(url: str, secret: str, era: str, log=None, **given):
    """A program's own client of a `cowork mcp` that it started."""
    ours = {"COWORK_URL": url, "COWORK_TOKEN": secret, "PATH": os.environ["PATH"]}
    how = StdioServerParameters(command=COWORK, args=["mcp"], env=ours)
    async with Client(stdio_client(how, errlog=log or sys.stderr), mode=era, **given) as client:
        yield client


async def call(client, tool, **given):
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    return result.structured_content


def waits(client, task_id):
    """A call that waits for the task, and what it reports meanwhile."""
    reported: asyncio.Queue[float] = asyncio.Queue()

    async def hear(progress, total, message):
        reported.put_nowait(progress)

    given = {"task_id": task_id, "wait_s": 50}
    return asyncio.create_task(client.call_tool("get_task", given, progress_callback=hear)), reported


def started_again(office, first):
    """Where it was before, with nothing of its sessions."""
    again = Server(host="127.0.0.1", port=first.port)
    again.start(door_of(office)[0])
    return again


async def heard_soon(waited):
    return await asyncio.wait_for(waited, PATIENCE)


def test_a_goal_is_handed_over_waited_for_and_not_approved_by_who_asked(new_office):
    office = new_office(
        calls(("update_plan", {"steps": [{"title": "Look", "status": "completed"}]})),
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})),
        authority=Authority(),
    )

    async def story(at: McpOffice):
        async with started(at.url, at.token(ANA), "2026-07-28") as client:
            begun = await call(client, "start_task", goal="Delete a.txt in the reports folder")
            waiting, reported = waits(client, begun["task_id"])
            await heard_soon(reported.get())
            at.work()
            shown = (await heard_soon(waiting)).structured_content
            assert shown["state"] == "waiting"
            asked = shown["checkpoint"]
            about = {"checkpoint_id": asked["checkpoint_id"], "decision": "approve"}
            why = await client.call_tool("respond_to_checkpoint", {"task_id": begun["task_id"], **about})
            assert "cannot say yes to what was asked for through a token" in why.content[0].text
            assert (office.reports / "a.txt").exists()
            told = await client.read_resource(f"audit://{begun['task_id']}")
            assert json.loads(told.contents[0].text)["goal"] == "Delete a.txt in the reports folder"
            assert (await call(client, "stop_task", task_id=begun["task_id"]))["state"] == "stopped"

    with served(office, works=False) as at:
        alone.ran(story(at))


def told_of_ends(app, ended):
    """The app, which says when it is done with a call of get_task, or was left."""

    async def told(scope, receive, send):
        try:
            await app(scope, receive, send)
        finally:
            if (b"mcp-name", b"get_task") in scope["headers"]:
                ended.put("get_task")

    return told


def test_whoever_listens_hears_what_is_called_off_ends_in_cowork_and_what_is_cut_is_lost(new_office):
    office, ended = new_office(text("One.")), queue.Queue()
    task_id = office.start("Look")

    async def story(secret, first):
        async with started(first.url, secret, "2026-07-28") as client:
            with pytest.raises(MCPError, match="There is no task"):
                async with client.listen(resource_subscriptions=["task://99"]):
                    pass
            waiting, begun = waits(client, task_id)
            await heard_soon(begun.get())
            waiting.cancel()
            assert (
                await asyncio.to_thread(ended.get, timeout=40) == "get_task"
            )  # long before its 50 s are over
            wanted = {"resource_subscriptions": [f"task://{task_id}"]}
            async with client.listen(**wanted) as heard:
                office.say(task_id, "Be brief")
                assert (await heard_soon(anext(aiter(heard)))).uri == f"task://{task_id}"
                await asyncio.to_thread(first.stop)
                with pytest.raises(SubscriptionLost):
                    await heard_soon(anext(aiter(heard)))
            again = started_again(office, first)
            async with client.listen(**wanted) as heard:
                office.say(task_id, "Be brief!")
                assert (await heard_soon(anext(aiter(heard)))).uri == f"task://{task_id}"
            await asyncio.to_thread(again.stop)

    app, tokens = door_of(office)
    first = Server(host="127.0.0.1", port=0)
    first.start(told_of_ends(app, ended))
    alone.ran(story(tokens.make(ANA, "claude", tuple(TokenScope), by="test").secret, first))


def test_when_cowork_goes_away_and_comes_back_a_session_is_told_and_goes_on(new_office, tmp_path):
    office = new_office(text("One."))
    task_id = office.start("Look")
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(message):
        if uri := getattr(getattr(message, "params", None), "uri", None):
            heard.put_nowait(str(uri))

    async def story(secret, first, log):
        async with started(first.url, secret, "legacy", log, message_handler=hear) as client:
            await client.session.subscribe_resource(f"task://{task_id}")
            waiting, reported = waits(client, task_id)
            await heard_soon(reported.get())
            await asyncio.to_thread(first.stop)
            with pytest.raises(MCPError, match=r"broke before its answer came\. .* look with list_tasks"):
                await heard_soon(waiting)
            with pytest.raises(MCPError, match=r"nothing was asked of it\. Start it with `cowork up`"):
                await heard_soon(client.call_tool("get_task", {"task_id": task_id}))
            again = started_again(office, first)
            shown = await heard_soon(client.call_tool("get_task", {"task_id": task_id}))
            assert shown.structured_content["state"] == "queued"
            office.say(task_id, "Be brief")
            assert await heard_soon(heard.get()) == f"task://{task_id}"
            await asyncio.to_thread(again.stop)

    app, tokens = door_of(office)
    first = Server(host="127.0.0.1", port=0)
    first.start(app)
    log = tmp_path / "log"
    with log.open("w") as written:
        alone.ran(story(tokens.make(ANA, "claude", tuple(TokenScope), by="test").secret, first, written))
    said = log.read_text().splitlines()
    assert [line.partition(" at ")[0] for line in said] == [
        "The connection to Cowork",
        "Cowork does not answer",
    ]


def spoken(at: McpOffice, lines: list[str], secret: str, *words: str) -> subprocess.Popen[str]:
    """A `cowork mcp` that was told these lines, and whose input is open still."""
    process = subprocess.Popen(
        [COWORK, "mcp", *words],
        env={"PATH": os.environ["PATH"], "COWORK_URL": at.url, "COWORK_TOKEN": secret},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.writelines(f"{line}\n" for line in lines)
    process.stdin.flush()
    return process


GREETING = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": "a",
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
)


def test_nothing_but_the_protocol_is_on_its_output_and_it_ends_when_its_input_does(new_office, tmp_path):
    with served(new_office(), works=False) as at:
        kept = tmp_path / "token"
        kept.write_text(f"{at.token(ANA)}\n")
        tools = json.dumps({"jsonrpc": "2.0", "id": "b", "method": "tools/list"})
        process = spoken(at, ["what?", "", GREETING, tools], "", "--token-file", str(kept))
        assert process.stdout is not None
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        rest, log = process.communicate(timeout=PATIENCE)

    assert [one["id"] for one in answers] == ["a", "b"]
    assert answers[1]["result"]["tools"][0]["name"] == "start_task"
    assert (rest, process.returncode) == ("", 0)
    assert log == "A line that is no message of MCP was left out.\n"


@pytest.mark.parametrize(
    ("path", "secret", "what", "says"),
    [
        ("/mcp", "", {}, "This token asks more often than it may. Ask again in 60 seconds."),
        ("/mcp", "", {"params": {"x": "y" * 2_000_000}}, "has more than 1,000,000 bytes"),
        ("/mcp", "ck_wrong", {}, "This program reads it from COWORK_TOKEN or --token-file."),
        ("/elsewhere", "", {}, "/elsewhere answered with HTTP 404: is that Cowork's address?"),
    ],
)
def test_why_cowork_refuses_is_an_error_of_the_protocol_that_says_what_to_do(
    new_office, path, secret, what, says
):
    told: list[str] = []
    tools = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}

    async def story(at):
        url, ours = f"{at.url}{path}", {"authorization": f"Bearer {secret or at.token(ANA)}"}
        async with (
            httpx2.AsyncClient(trust_env=False) as wire,
            httpx2.AsyncClient(transport=Reach(wire, url, told.append), headers=ours) as http,
        ):
            await http.post(f"{at.url}/mcp", json=tools)
            return await http.post(url, json={**tools, **what})

    with served(new_office(), works=False, a_minute=1) as at:
        answer = alone.ran(story(at))
    assert answer.headers["content-type"] == "application/json"
    assert says in answer.json()["error"]["message"]
    assert told[-1] == answer.json()["error"]["message"]


def test_where_cowork_moved_to_is_left_to_the_transport_which_follows_within_its_origin():
    moved = httpx2.MockTransport(
        lambda _: httpx2.Response(307, headers={"location": "https://x.example/mcp/"})
    )

    async def story():
        async with (
            httpx2.AsyncClient(transport=moved) as wire,
            httpx2.AsyncClient(transport=Reach(wire, "https://x.example/mcp", print)) as http,
        ):
            return await http.post(
                "https://x.example/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}
            )

    answer = alone.ran(story())
    assert (answer.status_code, answer.headers["location"]) == (307, "https://x.example/mcp/")
