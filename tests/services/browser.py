"""People at browsers: each with their own cookies, on the pages of a colleague that is served."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2

from bot.domain.person import Person
from bot.sdk.connect import Per
from bot.sdk.trust import trusted
from bot.services.linking import Linking
from bot.services.slack_sign_in import SlackSignIn
from bot.web import asgi, connect
from bot.web.server import Server
from tests.services.accounts import SEAL, Accounts


@dataclass(kw_only=True)
class Front:
    """`told` is what people were told in Slack, by their id."""

    accounts: Accounts
    linking: Linking
    url: str
    told: list[tuple[str, str]] = field(default_factory=list)

    def link(
        self, person: Person, plugin: str = "anybody", per: Per = Per.PERSON, *, writes: bool = False
    ) -> str:
        return self.linking.link_for(
            person, plugin, "oauth", per, writes=writes, is_admin=per is Per.TEAM, workspace="Acme"
        )

    def code(self, person: Person) -> str:
        """The last one that this person was shown."""
        said = [text for user, text in self.told if user == person.user and " is your code" in text]
        return said[-1][:6]


@contextmanager
def front(accounts: Accounts, slack: SlackSignIn | None = None) -> Iterator[Front]:
    server = Server(host="127.0.0.1", port=0)
    linking = Linking(
        accounts.database,
        accounts.connections,
        accounts.connecting,
        seal=SEAL,
        clock=accounts.clock,
        given=lambda name: accounts.given.get(name, ""),
        public_url=server.url,
        slack=slack,
    )
    made = Front(accounts=accounts, linking=linking, url=server.url)

    def tell(person: Person, text: str) -> None:
        made.told.append((person.user, text))

    server.start(asgi.build(connect=connect.routes(linking, tell)))
    yield made
    server.stop()


class Browser:
    """Goes where it is sent, as a person would let it."""

    def __init__(self) -> None:
        self._client = httpx2.Client(trust_env=False, timeout=60, verify=trusted())
        self.page: httpx2.Response | None = None
        self.seen: list[str] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def open(self, url: str, *, until: str = "") -> str:
        """The text of the page where it ends; or the address where it would go on, when that begins with `until`."""
        return self._followed(self._client.get(url), until)

    def press(self, url: str, step: str, *, digits: str = "", until: str = "") -> str:
        return self._followed(self._client.post(url, data={"step": step, "digits": digits}), until)

    @property
    def way_on(self) -> str:
        """Where the one link of the page leads."""
        assert self.page is not None
        [found] = re.findall(r'<a [^>]*href="([^"]+)"', self.page.text)
        return html.unescape(found)

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    def _followed(self, answer: httpx2.Response, until: str) -> str:
        for _ in range(8):
            if not answer.is_redirect:
                break
            address = str(answer.headers["location"])
            self.seen.append(address)
            if until and address.startswith(until):
                return address
            answer = self._client.get(address)
        self.page = answer
        return text_of(answer.text)


def text_of(page: str) -> str:
    """What a person reads."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split()).replace("&#x27;", "'")
