"""An MCP server whose tools are described by a file, and which writes down each call that reaches it. No SDK in it.

A tool called "die" ends it in the middle of its call, as a crash would; one called "tell" says that its tools changed.
Each time that they are listed is written down beside the calls.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

described, made = map(Path, sys.argv[1:3])
listed = made.with_suffix(".lists")


def answer(method: str, given: dict[str, Any]) -> dict[str, Any] | None:
    if method == "initialize":
        return {
            "protocolVersion": given["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "changing", "version": "1"},
        }
    if method == "tools/list":
        with listed.open("a") as file:
            file.write("tools\n")
        return {"tools": json.loads(described.read_text())}
    if method == "tools/call":
        with made.open("a") as file:
            file.write(json.dumps([given["name"], given.get("arguments")]) + "\n")
        if given["name"] == "die":
            os._exit(1)
        if given["name"] == "tell":
            print('{"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}', flush=True)
        return {"content": [{"type": "text", "text": f"{given['name']} was done"}]}
    return {} if method == "ping" else None


for line in sys.stdin:
    asked = json.loads(line)
    if "id" in asked:
        result = answer(asked["method"], asked.get("params") or {})
        error = {"code": -32601, "message": "not here"}
        told = {"jsonrpc": "2.0", "id": asked["id"]} | (
            {"error": error} if result is None else {"result": result}
        )
        print(json.dumps(told), flush=True)
