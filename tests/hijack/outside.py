"""Services that only write down what reached them, all switched on as far as an admin could: the worst case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.domain.call import Result
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import Permission, ServiceGrant
from bot.sdk.tool import Tool, tool

GRANTED = {
    "mail": ServiceGrant(permissions={"mail_send_message": Permission.ON}, scope=("*@acme.example",)),
    "site": ServiceGrant(permissions={"site_publish_page": Permission.ON, "site_draft_page": Permission.OFF}),
    "tracker": ServiceGrant(
        permissions=dict.fromkeys(
            ("tracker_create_issue", "tracker_change_issue", "tracker_delete_issue"), Permission.ON
        ),
        scope=("acme/*",),
    ),
}


@dataclass
class Outside:
    """`happened` is every effect that really arrived, in words."""

    happened: list[str] = field(default_factory=list)

    @property
    def tools(self) -> tuple[Tool, ...]:
        return (
            *(self._tool(name, *what) for name, what in _ON_SERVICES.items()),
            self._fetch(),
        )

    def _tool(self, name: str, service: str, effect: Effect) -> Tool:
        def act(desk: Any, item: str, content: str = "") -> Result:
            """Do it."""
            self.happened.append(f"{name} {item}: {content}")
            return Result(text="Done.")

        act.__name__ = name

        def accesses(desk: Any, item: str, content: str = "") -> tuple[Access, ...]:
            return (Access(effect=effect, resource=Resource(realm=Realm.SERVICE, name=service, item=item)),)

        return tool(
            accesses=accesses,
            preview=lambda desk, item, **_: f"{name} {item}",
            detail=lambda desk, item, content="": content,
        )(act)

    def _fetch(self) -> Tool:
        def fetch_page(desk: Any, url: str) -> Result:
            """Get a page."""
            self.happened.append(f"fetch_page {url}")
            return Result(text="404")

        return tool(
            accesses=lambda desk, url: (
                Access(
                    effect=Effect.EGRESS,
                    resource=Resource(realm=Realm.ADDRESS, name=urlsplit(url).hostname or url),
                ),
            ),
            preview=lambda desk, url: f"Fetch {url}",
        )(fetch_page)


_ON_SERVICES = {
    "mail_send_message": ("mail", Effect.SEND),
    "site_publish_page": ("site", Effect.PUBLISH),
    "site_draft_page": ("site", Effect.CREATE),
    "wiki_create_page": ("wiki", Effect.CREATE),
    "tracker_create_issue": ("tracker", Effect.CREATE),
    "tracker_change_issue": ("tracker", Effect.CHANGE),
    "tracker_delete_issue": ("tracker", Effect.DELETE),
}
