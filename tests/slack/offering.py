"""`python offering.py FILE`: an MCP server that offers what the file says at that moment. It starts at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

METHODS = {
    "tools/list": "tools",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
    "prompts/list": "prompts",
}


def answer(offered: dict[str, Any], method: str, params: dict[str, Any]) -> dict[str, Any] | None:
    """None for what it does not know."""
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}, "resources": {}, "prompts": {}},
            "serverInfo": {"name": "offering", "version": "1.0"},
        }
    if method in METHODS:
        return {METHODS[method]: offered.get(METHODS[method], [])}
    if method == "tools/call":
        return {
            "content": [{"type": "text", "text": f"{params['name']} of {json.dumps(params['arguments'])}"}]
        }
    if method == "prompts/get":
        text = offered["texts"][params["name"]].format(**params.get("arguments") or {})
        return {"messages": [{"role": "user", "content": {"type": "text", "text": text}}]}
    return {} if method == "ping" else None


def main(place: Path) -> None:
    print("offering what", place.name, "says", file=sys.stderr, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "id" not in asked:
            continue
        offered = json.loads(place.read_text("utf-8"))
        if offered.get("dies"):
            print("the database is gone", file=sys.stderr, flush=True)
            sys.exit(3)
        found = answer(offered, asked["method"], asked.get("params") or {})
        unknown = {"code": -32601, "message": "Method not found"}
        said = {"error": unknown} if found is None else {"result": found}
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **said}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
