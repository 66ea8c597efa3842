"""Google's documented REST paths over google-auth and requests: one try each, limits on size, errors translated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials

from bot.sdk import Connection
from bot.sdk.reaching import MOST_BYTES, TIMEOUT, capped, path_part
from plugins.google import failures

MOST_FILE = 20_000_000
_PIECE = 65_536


class Google:
    """One connection's, for one call: nothing of it is shared between threads."""

    def __init__(self, connection: Connection) -> None:
        self._endpoints = connection.endpoints
        self._session = AuthorizedSession(  # type: ignore[no-untyped-call]
            Credentials(token=connection.secrets.get("token", "")),  # type: ignore[no-untyped-call]
            refresh_status_codes=(),
            max_refresh_attempts=0,
        )
        self._known: dict[str, Mapping[str, Any]] = {}

    def get(self, service: str, path: str, **query: object) -> dict[str, Any]:
        """What a path answers. `service` is the name of an endpoint ("docs")."""
        return self._json("GET", service, path, query)

    def post(self, service: str, path: str, body: Mapping[str, Any], **query: object) -> dict[str, Any]:
        """Sent once. Raises `Unavailable` without `nothing_done` where the answer was lost."""
        return self._json("POST", service, path, query, json=body)

    def patch(self, service: str, path: str, body: Mapping[str, Any], **query: object) -> dict[str, Any]:
        return self._json("PATCH", service, path, query, json=body)

    def delete(self, service: str, path: str, **query: object) -> None:
        self._json("DELETE", service, path, query)

    def upload(self, about: Mapping[str, Any], content: bytes, kind: str, **query: object) -> dict[str, Any]:
        """A new file in Drive: what is known of it, and its bytes, in one request."""
        boundary = uuid4().hex
        body = b"".join(
            [
                f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n".encode(),
                json.dumps(about).encode(),
                f"\r\n--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode(),
                content,
                f"\r\n--{boundary}--\r\n".encode(),
            ]
        )
        headers = {"Content-Type": f"multipart/related; boundary={boundary}"}
        query = query | {"uploadType": "multipart"}
        return self._json("POST", "drive", "/upload/drive/v3/files", query, data=body, headers=headers)

    def bytes_of(self, service: str, path: str, *, most: int = MOST_FILE, **query: object) -> bytes:
        """The content of a file, which is refused when it is larger than `most` bytes."""
        with self._answer("GET", service, path, query) as answer:
            return capped(answer.iter_content(_PIECE), failures.SERVICE, most)

    def file(self, file_id: str, fields: str) -> Mapping[str, Any]:
        """What Drive knows of a file; asked once a call for the same fields."""
        key = f"{file_id} {fields}"
        if key not in self._known:
            path = f"/drive/v3/files/{part(file_id)}"
            self._known[key] = self.get("drive", path, fields=fields, supportsAllDrives="true")
        return self._known[key]

    def _json(self, method: str, service: str, path: str, query: Any, **sent: Any) -> dict[str, Any]:
        with self._answer(method, service, path, query, **sent) as answer:
            content = capped(answer.iter_content(_PIECE), failures.SERVICE, MOST_BYTES)
        return failures.parsed(content)

    @contextmanager
    def _answer(
        self, method: str, service: str, path: str, query: Any, **sent: Any
    ) -> Iterator[requests.Response]:
        with failures.translated():
            answer = self._session.request(  # type: ignore[no-untyped-call]
                method,
                f"{self._endpoints[service]}{path}",
                params=query,
                timeout=TIMEOUT,
                stream=True,
                allow_redirects=method == "GET",
                **sent,
            )
            with answer:
                failures.check(answer)
                yield answer


def part(text: str) -> str:
    """A part of a path, which cannot lead elsewhere."""
    return path_part(text, "Google Workspace")
