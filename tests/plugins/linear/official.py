"""Linear's published schema as a server: it refuses what the schema does not allow, and answers in its shape.

What a field holds is made up from its type, unless a test said what the root field gives.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute,
    get_named_type,
    is_composite_type,
    parse,
    validate,
)

from tests.counterparts.node_packages import absent

SCHEMA = Path(__file__).parents[4] / "shared" / "specs" / "linear.graphql"
_VALUES = {
    "String": "text",
    "ID": "9cfb482a-81e3-4154-b5b9-2c805e70a02d",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "DateTime": "2026-11-20T09:00:00.000Z",
    "TimelessDate": "2026-12-24",
}


@dataclass
class Official:
    """`says` are root fields; `fails` is answered instead: a status, headers and a body, or a dropped connection."""

    schema: GraphQLSchema
    url: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    fails: tuple[int, dict[str, str], Any] | None = None
    drops: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def forget(self) -> None:
        self.says, self.fails, self.drops = {}, None, False
        self.asked.clear()
        self.headers.clear()

    def answer(self, asked: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        self.asked.append(asked)
        if self.fails is not None:
            return self.fails
        document = parse(asked["query"])
        faults = validate(self.schema, document)
        if not faults:
            done = execute(
                self.schema, document, self.says, variable_values=asked["variables"], field_resolver=_given
            )
            if not done.errors:
                return 200, {}, {"data": done.data}
            faults = done.errors
        return 400, {}, {"errors": [{"message": one.message} for one in faults]}


@contextmanager
def served() -> Iterator[Official]:
    if not SCHEMA.exists():
        absent(f"Linear's schema is not at {SCHEMA}.")
    official = Official(schema=build_schema(SCHEMA.read_text("utf-8"), assume_valid=True, no_location=True))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            official.headers.append(dict(self.headers))
            status, headers, body = official.answer(asked)
            if official.drops:
                self.close_connection = True
                return
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    official.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield official
    server.shutdown()
    server.server_close()
    thread.join()


def _given(source: Any, info: GraphQLResolveInfo, **_: Any) -> Any:
    if isinstance(source, dict) and info.field_name in source:
        return source[info.field_name]
    kind = info.return_type.of_type if isinstance(info.return_type, GraphQLNonNull) else info.return_type
    if isinstance(kind, GraphQLList):
        return [{}]
    named = get_named_type(kind)
    if is_composite_type(named):
        return {}
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values.values())).value
    return False if info.field_name == "hasNextPage" else _VALUES.get(named.name, {})
