"""An MCP server that counts what reaches it, of either protocol: `python counting_server.py FOLDER ERA`. No SDK in it.

`write` is done at once, and not answered where FOLDER has a pipe for the news that it was done. `order` asks first how
many. What was done is a line of FOLDER/done, what was called one of FOLDER/called.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

folder, is_stateless = Path(sys.argv[1]), sys.argv[2] == "stateless"
SCHEMA = {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]}
QUESTION = {
    "method": "elicitation/create",
    "params": {"mode": "form", "message": "How many?", "requestedSchema": SCHEMA},
}
STATE = "the first round"
COMPLETE = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"} if is_stateless else {}
asking: list[Any] = []


def count(what: str, line: str) -> None:
    with (folder / what).open("a") as file:
        file.write(f"{line}\n")


def say(message: dict[str, Any]) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def done(id: Any, line: str) -> None:
    count("done", line)
    if (folder / "pipe").exists():
        (folder / "pipe").write_text("done")
        return
    say({"id": id, "result": {"content": [{"type": "text", "text": f"Done: {line}"}], **COMPLETE}})


def call(id: Any, given: dict[str, Any]) -> None:
    count("called", given["name"])
    replies = given.get("inputResponses")
    if given["name"] == "write":
        done(id, "write")
    elif not is_stateless:
        asking.append(id)
        say({"id": "question", **QUESTION})
    elif replies and given.get("requestState") == STATE:
        done(id, f"order of {replies['number']['content']['number']}")
    else:
        asked = {"number": QUESTION}
        say(
            {
                "id": id,
                "result": {"resultType": "input_required", "inputRequests": asked, "requestState": STATE},
            }
        )


def other(method: str, given: dict[str, Any]) -> dict[str, Any] | None:
    known = {"capabilities": {"tools": {}}, "serverInfo": {"name": "counting", "version": "1"}}
    if method == "initialize" and not is_stateless:
        return {"protocolVersion": given["protocolVersion"], **known}
    if method == "server/discover" and is_stateless:
        return {"supportedVersions": ["2026-07-28"], **known, **COMPLETE}
    if method == "tools/list":
        tools = [{"name": name, "inputSchema": {"type": "object"}} for name in ("write", "order")]
        return {"tools": tools, **COMPLETE}
    return {} if method == "ping" else None


for received in sys.stdin:
    message = json.loads(received)
    if message.get("id") == "question":
        done(asking.pop(), f"order of {message['result']['content']['number']}")
    elif message.get("method") == "tools/call":
        call(message["id"], message["params"])
    elif "id" in message:
        result = other(message["method"], message.get("params") or {})
        error = {"error": {"code": -32601, "message": "not here"}}
        say({"id": message["id"], **(error if result is None else {"result": result})})
