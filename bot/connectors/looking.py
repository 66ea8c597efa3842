"""What a server offers, found by real calls: its tools, resources, templates and prompts, page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.domain.cleaned import cleaned
from bot.domain.connector import Catalogue, Definition, Offer, Page

if TYPE_CHECKING:
    from mcp import Client
    from mcp_types import Prompt, Resource, ResourceTemplate, Tool

T = TypeVar("T")

_MOST_PAGES: Final = 100
_MOST_OFFERS: Final = 1_000
_MOST_BYTES: Final = 8 << 20
_LONGEST: Final = 2_000
_LONGEST_NAME: Final = 200
_NO_METHOD: Final = -32601


async def catalogue(client: Client) -> Catalogue:
    """Of what a server does not say that it has, nothing is asked."""
    can = client.server_capabilities
    info = client.server_info
    return Catalogue(
        tools=tuple(await tools(client)),
        resources=tuple(map(_resource, await _all(client.list_resources, "resources", can.resources))),
        templates=tuple(
            map(_template, await _all(client.list_resource_templates, "resource_templates", can.resources))
        ),
        prompts=tuple(map(_prompt, await _all(client.list_prompts, "prompts", can.prompts))),
        can_subscribe=bool(can.resources and can.resources.subscribe),
        instructions=_words(client.instructions, _LONGEST),
        server=_words(info.title or info.name, _LONGEST_NAME) if info else "",
        version=_words(info.version, _LONGEST_NAME) if info else "",
    )


async def tools(client: Client) -> list[Definition]:
    return [definition(tool) for tool in await listed(client)]


async def listed(client: Client) -> list[Tool]:
    """The tools, as the SDK reads them."""
    return await _all(client.list_tools, "tools", True)


def definition(tool: Tool) -> Definition:
    """Whole, as it is pinned."""
    return Definition.of(tool.name, tool.model_dump(by_alias=True, mode="json", exclude_none=True))


async def page(client: Client, cursor: str) -> Page:
    """Of its resources, as the server cuts them."""
    found = await client.list_resources(cursor=cursor or None, cache_mode="refresh")
    return Page(resources=tuple(map(_resource, found.resources)), cursor=found.next_cursor or "")


async def _all(list_page: Callable[..., Awaitable[Any]], part: str, has_it: object) -> list[Any]:
    from mcp import MCPError

    found: list[Any] = []
    cursor, held = None, 0
    for _ in range(_MOST_PAGES if has_it else 0):
        try:
            given = await list_page(cursor=cursor, cache_mode="refresh")
        except MCPError as error:
            if error.error.code == _NO_METHOD and not found:
                return []
            raise
        found += getattr(given, part)
        cursor = given.next_cursor
        if not cursor or len(found) >= _MOST_OFFERS:
            break
        held += len(given.model_dump_json())
        if held > _MOST_BYTES:  # one page fits, a hundred as large would not
            break
    return found[:_MOST_OFFERS]


def _resource(one: Resource) -> Offer:
    return _offer(one, one.uri, one.mime_type)


def _template(one: ResourceTemplate) -> Offer:
    return _offer(one, one.uri_template, one.mime_type)


def _prompt(one: Prompt) -> Offer:
    wanted = tuple(
        (argument.name, _words(argument.description, _LONGEST), bool(argument.required))
        for argument in one.arguments or ()
    )
    return _offer(one, "", None, wanted)


def _offer(
    one: Resource | ResourceTemplate | Prompt,
    uri: str,
    mime_type: str | None,
    arguments: Iterable[tuple[str, str, bool]] = (),
) -> Offer:
    """Names and addresses to the letter, since they are what it is asked for by."""
    return Offer(
        name=one.name,
        uri=uri,
        title=_words(one.title, _LONGEST_NAME),
        description=_words(one.description, _LONGEST),
        mime_type=_words(mime_type, _LONGEST_NAME),
        arguments=tuple(arguments),
    )


def _words(text: str | None, most: int) -> str:
    plain = cleaned(text or "").strip()
    return plain if len(plain) <= most else f"{plain[:most]}…"
