"""Webhooks: where news of one's tasks is posted to, signed, until it has arrived."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from bot.domain.event import News
from bot.domain.token import Token, TokenScope
from bot.domain.webhook import HEARD, Webhook, type_of
from bot.engine.serving import OutOfScope
from bot.engine.webhooks import Made
from bot.web.api.caller import Caller
from bot.web.api.served import Served, Services

router = APIRouter(tags=["webhooks"])

WebhookId = Annotated[str, Path(pattern=r"^wh_[0-9a-f]{32}$", description="As it was made with.")]
Type = StrEnum("Type", {one.name: type_of(one) for one in HEARD})  # type: ignore[misc]
"""What a webhook can be told of."""

_NEWS: dict[str, News] = {type_of(one): one for one in HEARD}


_SECRET = r"^whsec_(?:[A-Za-z0-9+/]{4}){8,20}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_AS = "What it signs with: `whsec_` and 24 to 62 bytes in base64."


class HookAsked(BaseModel):
    """`events` are left out for all of them."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=2_000, description="An https address out in the world.")
    events: list[Type] | None = Field(default=None, min_length=1, max_length=len(HEARD))
    secret: str | None = Field(
        default=None, pattern=_SECRET, description=f"{_AS} Left out: a new one is made."
    )

    @property
    def news(self) -> tuple[News, ...]:
        return HEARD if self.events is None else tuple(_NEWS[one] for one in self.events)


class WebhookAsked(HookAsked):
    """Of all your tasks, or of one of them from its beginning."""

    task: int | None = Field(default=None, ge=1, le=2**31 - 1)


class TaskHookAsked(HookAsked):
    """The secret is yours: an answer that is lost cannot take it along."""

    secret: str = Field(pattern=_SECRET, description=_AS)


class WebhookValue(BaseModel):
    """`trouble` says why nothing is posted there any more. `task` is null for all of its owner's."""

    id: str
    url: str
    events: list[str]
    task: int | None
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    trouble: str

    @classmethod
    def of(cls, one: Webhook) -> WebhookValue:
        return cls(
            id=one.id,
            url=one.url,
            events=[type_of(news) for news in one.news],
            task=one.task_id or None,
            made_by=one.made_by,
            made_at=one.made_at,
            ended_at=one.ended_at,
            trouble=one.trouble,
        )


class WebhookMade(WebhookValue):
    """`secret` is shown this once; null where it was made, and shown, before."""

    secret: str | None


class WebhookList(BaseModel):
    webhooks: list[WebhookValue]


def check(served: Services, token: Token, asked: HookAsked) -> None:
    """Before anything is begun that it is for."""
    _check(token)
    served.webhooks.check(asked.url)


def made(served: Services, token: Token, asked: HookAsked, task_id: int) -> Made:
    return served.webhooks.make(
        token.person, asked.url, news=asked.news, task_id=task_id, by=token.name, secret=asked.secret or ""
    )


@router.post(
    "/webhooks", status_code=201, response_model=WebhookMade, summary="Have news posted to an address"
)
def make(served: Served, token: Caller, asked: WebhookAsked) -> JSONResponse:
    """Signed as Standard Webhooks has it, in order per task, at least once: tried for a day until it is taken (2xx)."""
    _check(token)
    if asked.task is not None:
        served.serving.seen(token, asked.task)
    new = made(served, token, asked, asked.task or 0)
    shown = WebhookMade(**WebhookValue.of(new.webhook).model_dump(), secret=new.secret or None)
    return JSONResponse(shown.model_dump(mode="json"), status_code=201)  # elsewhere a secret would be hidden


@router.get("/webhooks", summary="List your webhooks")
def listed(served: Served, token: Caller) -> WebhookList:
    _check(token)
    return WebhookList(webhooks=[WebhookValue.of(one) for one in served.webhooks.of(token.person)])


@router.delete("/webhooks/{webhook_id}", status_code=204, summary="Have nothing posted there any more")
def removed(served: Served, token: Caller, webhook_id: WebhookId) -> None:
    _check(token)
    served.webhooks.remove(token.person, webhook_id)


def _check(token: Token) -> None:
    """Whoever hears of tasks by a webhook may read them."""
    if TokenScope.READ not in token.scopes:
        raise OutOfScope(f"The token “{token.name}” may not do this: it takes the scope {TokenScope.READ}.")
