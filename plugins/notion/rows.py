"""Databases of Notion: their rows found, added and changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.sdk import Context, Effect, Inverse, Page, Receipt, Result, ToolError, action, listed
from bot.sdk.answers import ROWS
from plugins.notion import values
from plugins.notion.pages import IN_TRASH, Markdown, made
from plugins.notion.places import Database, around_database, around_page, plain_id, source_of
from plugins.notion.places import Page as PageId

MOST_SHOWN = 12
"""Properties of a row in a listing."""
Test = Literal[
    "equals",
    "does_not_equal",
    "contains",
    "does_not_contain",
    "greater_than",
    "less_than",
    "before",
    "after",
    "on_or_before",
    "on_or_after",
    "is_empty",
    "is_not_empty",
]
Properties = Annotated[
    dict[str, values.Value],
    'By name: {"Status": "Done", "Points": 3, "Tags": ["a"], "Due": "2026-12-01", "Owner": "ana@acme.com"}',
]


class Condition(BaseModel):
    """What must hold of one property."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    property: str
    test: Test
    value: Annotated[str | float | bool, Field(description="Left out for is_empty, is_not_empty")] = ""


@action(
    effect=Effect.READ,
    items=around_database,
    preview=lambda _, database, **__: f"List rows of the database {database} in Notion",
    example={
        "database": "59833787-2cf9-4fdf-8782-e53db20768a5",
        "where": [{"property": "Status", "test": "equals", "value": "Done"}],
    },
)
def query_database(
    context: Context,
    database: Database,
    where: Annotated[list[Condition] | None, "All must hold"] = None,
    sort_by: Annotated[str, 'A property\'s name, "-" before it for downwards'] = "",
    cursor: str = "",
) -> Result:
    """List the rows of a database with their properties, 20 a page, filtered and sorted by Notion.

    The first page begins with the properties and what they can be.
    """
    source = source_of(context.client, database)
    asked: dict[str, Any] = {"page_size": ROWS} | ({"start_cursor": cursor} if cursor else {})
    if where:
        asked["filter"] = {"and": [_filter(context, source["properties"], one) for one in where]}
    if sort_by:
        direction = "descending" if sort_by.startswith("-") else "ascending"
        asked["sorts"] = [{"property": sort_by.removeprefix("-"), "direction": direction}]
    answer = context.client.query(source["id"], **asked)
    rows = [row for row in answer["results"] if row["object"] == "page" and "url" in row]
    page = Page(rows=rows, cursor=answer["next_cursor"] or "")
    found = listed(page, _line, what="rows", ids=[row["id"] for row in rows])
    return found if cursor else Result(text=f"{_columns(source)}\n{found.text}", ids=found.ids)


def _set(context: Context, database: str, properties: Mapping[str, values.Value], content: str = "") -> str:
    source = source_of(context.client, database)
    lines = [f"Database: “{values.title_of(source)}” {source['url']}"]
    lines += [f"{name}: {values.shown(value) or 'none'}" for name, value in properties.items()]
    return "\n".join(lines) + (f"\n\n{content}" if content else "")


@action(
    effect=Effect.CREATE,
    items=around_database,
    preview=lambda _, database, **__: f"Add a row to the database {database} in Notion",
    detail=_set,
    example={"database": "59833787-2cf9-4fdf-8782-e53db20768a5", "properties": {"Name": "Ship it"}},
    inverse=IN_TRASH,
)
def add_database_row(
    context: Context, database: Database, properties: Properties, content: Markdown = ""
) -> Result:
    """Add a row to a database. notion_query_database says which properties it has, and what they can be."""
    source = source_of(context.client, database)
    sent = values.sent(context.client, source["properties"], properties)
    title = next((values.shown(properties[name]) for name, one in sent.items() if "title" in one), "Untitled")
    body = {"markdown": content} if content else {}
    context.halt.check()
    page = context.client.create(parent={"data_source_id": source["id"]}, properties=sent, **body)
    return made(page, "Added row", title)


def _change(context: Context, page: str, properties: Mapping[str, values.Value]) -> str:
    found = context.client.page(plain_id(page))
    now = _now(found, properties)
    return f"Row: “{values.title_of(found)}” {found['url']}\n" + "\n".join(
        f"{name}: {values.shown(now[name]) or 'none'} → {values.shown(value) or 'none'}"
        for name, value in properties.items()
    )


def _taken_back(context: Context, receipt: Receipt, page: str, **_: Any) -> Result:
    found, before = context.client.page(plain_id(page)), json.loads(receipt.before)
    if _json(_now(found, before)) != receipt.after:
        raise ToolError(f"It was changed since, so it was left: {receipt.where}")
    schema = _schema(context, found)
    context.client.update(found["id"], properties=values.sent(context.client, schema, before))
    return Result(text=f"It is as it was: {receipt.where}")


def _settled(context: Context, page: str, properties: Mapping[str, values.Value]) -> Result | None:
    """By what the row holds: setting it once more changes nothing, so where it differs it may be made."""
    found = context.client.page(plain_id(page))
    sent = values.sent(context.client, _schema(context, found), properties)
    is_set = all(_is_set(found["properties"][name], one) for name, one in sent.items())
    return _changed(found, "", _now(found, properties), undo="") if is_set else None


@action(
    effect=Effect.CHANGE,
    items=around_page,
    preview=lambda _, page, **__: f"Change the row {page} in Notion",
    detail=_change,
    example={"page": "59833787-2cf9-4fdf-8782-e53db20768a5", "properties": {"Status": "Done"}},
    inverse=Inverse(words="Change it back", act=_taken_back),
    settled=_settled,
)
def update_database_row(context: Context, page: PageId, properties: Properties) -> Result:
    """Set properties of a database's row; the others stay. null or "" empties one. Its text: notion_update_page."""
    found = context.client.page(plain_id(page))
    sent = values.sent(context.client, _schema(context, found), properties)
    loses = any(values.is_formatted(found["properties"][name]) for name in properties)
    context.halt.check()
    after = context.client.update(found["id"], properties=sent)
    undo = "" if loses else "Change it back"
    return _changed(found, _json(_now(found, properties)), _now(after, properties), undo=undo)


def _changed(page: dict[str, Any], before: str, after: Mapping[str, Any], *, undo: str) -> Result:
    return Result(
        text=f"Changed row “{values.title_of(page)}” ({', '.join(after)}): {page['url']}",
        receipt=Receipt(
            effect=Effect.CHANGE,
            what="Changed row",
            where=page["url"],
            before=before,
            after=_json(after),
            undo=undo,
        ),
        ids=(page["id"],),
    )


def _schema(context: Context, page: Mapping[str, Any]) -> dict[str, Any]:
    parent = page["parent"]
    if parent["type"] != "data_source_id":
        raise ToolError("This page is no row of a database. Its title and text: notion_update_page.")
    return dict(context.client.source(parent["data_source_id"])["properties"])


def _now(page: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    held = page["properties"]
    if unknown := [name for name in names if name not in held]:
        raise ToolError(f"The row has no property {unknown[0]!r}. It has: {', '.join(held)}.")
    return {name: values.plain(held[name]) for name in names}


def _is_set(held: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Ids and names count, not how Notion dresses them."""
    (kind,) = sent
    wanted, now = sent[kind], values.plain(held)
    match kind:
        case "title" | "rich_text":
            return bool(now == "".join(one["text"]["content"] for one in wanted))
        case "select" | "status":
            return bool(now == (wanted and wanted["name"]))
        case "multi_select":
            return sorted(now) == sorted(one["name"] for one in wanted)
        case "people" | "relation":
            return sorted(one["id"] for one in held[kind]) == sorted(one["id"] for one in wanted)
        case "date":
            return bool(now == (wanted and "/".join(filter(None, (wanted["start"], wanted["end"])))))
    return bool(now == wanted)


def _filter(context: Context, schema: Mapping[str, Any], condition: Condition) -> dict[str, Any]:
    if condition.property not in schema:
        raise ToolError(f"The database has no property {condition.property!r}. It has: {', '.join(schema)}.")
    kind = schema[condition.property]["type"]
    value: Any = condition.value
    if condition.test in ("is_empty", "is_not_empty"):
        value = True
    elif kind in ("people", "created_by", "last_edited_by"):
        value = values.person_id(context.client, str(value))
    elif kind == "checkbox":
        value = value is True or str(value).lower() in ("yes", "true")
    elif kind in ("number", "unique_id"):
        value = _number(condition)
    elif not isinstance(value, str):
        value = values.shown(value)
    return {"property": condition.property, kind: {condition.test: value}}


def _number(condition: Condition) -> float:
    try:
        return float(condition.value)
    except ValueError:
        raise ToolError(f"{condition.property} is a number, and {condition.value!r} is none.") from None


def _line(row: dict[str, Any]) -> str:
    held = {
        name: values.shown(values.plain(one))
        for name, one in row["properties"].items()
        if one["type"] != "title"
    }
    told = [f"{name}: {text}" for name, text in held.items() if text][:MOST_SHOWN]
    return " · ".join([values.title_of(row), *told, f"id {row['id']}", row["url"]])


def _columns(source: Mapping[str, Any]) -> str:
    told = []
    for name, one in source["properties"].items():
        options = one[one["type"]].get("options") if isinstance(one[one["type"]], dict) else None
        told.append(
            f"{name} ({one['type']}{': ' + ', '.join(each['name'] for each in options) if options else ''})"
        )
    return f"{values.title_of(source)} has: {'; '.join(told)}."


def _json(held: Mapping[str, Any]) -> str:
    return json.dumps(held, ensure_ascii=False)
