"""Programs of people in the local Slack: each has a token, and speaks HTTP to a real office."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from bot.app import Office
from bot.domain.person import Person
from bot.domain.token import TokenScope
from bot.sdk.trust import trusted
from bot.settings import Settings

RULES = '[[rule]]\nwho = ["requester", "admins"]\n'
ALL = tuple(TokenScope)
NAMES = {"ana": "Ana Silva", "ben": "Ben Okafor", "mia": "Mia Chen", "gil": "Gil Moreau"}


@dataclass(frozen=True)
class Program:
    """What somebody's script does."""

    office: Office
    person: Person
    token_id: str
    secret: str
    http: httpx2.Client

    def get(self, path: str, **given: Any) -> httpx2.Response:
        return self.http.get(f"/api/v1{path}", **given)

    def post(self, path: str, body: Any = None, *, key: str = "") -> httpx2.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.http.post(f"/api/v1{path}", json=body, headers=headers)

    def begin(self, goal: str, **asked: Any) -> int:
        made = self.post("/tasks", {"goal": goal, **asked})
        assert made.status_code == 201, made.text
        return int(made.json()["id"])

    def events(
        self, task_id: int, *, after: int = 0, until: str = "over", to: str = ""
    ) -> list[dict[str, Any]]:
        """As they come, to the end of the stream, or to the first of a type."""
        headers = {"Last-Event-ID": str(after)} if after else {}
        found: list[dict[str, Any]] = []
        path = f"/api/v1/tasks/{task_id}/events"
        with self.http.stream("GET", path, params={"until": until}, headers=headers) as stream:
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    found.append(json.loads(line.removeprefix("data: ")))
                if found and found[-1].get("type") == to:
                    return found
        return found


@contextlib.contextmanager
def at_work(place: Path, **chosen: Any) -> Iterator[Office]:
    """A colleague in its local Slack: what is asked is decided by who asked, or by an admin."""
    (place / "reports").mkdir()
    (place / "approvals.toml").write_text(chosen.pop("rules", RULES))
    settings = Settings(
        _env_file=None,
        COWORK_HOME=place / "home",
        COWORK_FOLDERS=f"{place / 'reports'}",
        COWORK_APPROVALS=place / "approvals.toml",
        COWORK_PORT=0,
        SLACK_BOT_TOKEN="",
        ANTHROPIC_API_KEY="",
        ANTHROPIC_BASE_URL="",
        **chosen,
    )
    office = Office(settings)
    office.start()
    yield office
    office.stop()


@contextlib.contextmanager
def program(
    office: Office, who: str, *, name: str = "script", scopes: tuple[TokenScope, ...] = ALL
) -> Iterator[Program]:
    assert office.local_slack is not None
    slack = office.local_slack
    user = slack.person(who).id
    person = Person(team=str(slack.workspace.team["id"]), user=user, name=NAMES[who])
    made = office.colleague.tokens.make(person, name, scopes, by="operator")
    http = httpx2.Client(
        base_url=office.server.url,
        headers={"Authorization": f"Bearer {made.secret}"},
        trust_env=False,
        verify=trusted(),
        timeout=60,
    )
    with http:
        yield Program(office, person, made.token.id, made.secret, http)
