"""The properties of database rows: how they read, and how what the model gives is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.sdk import ToolError
from plugins.notion.client import Notion
from plugins.notion.places import plain_id

Value = str | int | float | bool | list[str] | None
_TEXTS = ("title", "rich_text")
_MOST_TEXT = 2_000
"""Characters of one piece of text, by Notion's limit."""
_NO_MARKS = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}


def plain(found: Mapping[str, Any]) -> Any:
    """What a property holds, in the form in which `sent` takes it again; in words where it cannot be set."""
    kind, held = found["type"], found[found["type"]]
    if held is None:
        return None
    return _PLAIN[kind](held) if kind in _PLAIN else _computed(kind, held)


def shown(value: Any) -> str:
    """A value as people read it; "" for none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)


def text_of(rich: list[Any]) -> str:
    return "".join(one["plain_text"] for one in rich)


def rich(text: str) -> list[dict[str, Any]]:
    """A text as Notion takes it, in pieces."""
    pieces = [text[at : at + _MOST_TEXT] for at in range(0, len(text), _MOST_TEXT)]
    return [{"type": "text", "text": {"content": piece}} for piece in pieces]


def is_formatted(found: Mapping[str, Any]) -> bool:
    """Whether setting its plain text again would lose something."""
    if found["type"] == "files":
        return True
    if found["type"] not in _TEXTS:
        return False
    return any(
        one["type"] != "text" or one["href"] or dict(one["annotations"]) != _NO_MARKS
        for one in found[found["type"]]
    )


def title_of(page: Mapping[str, Any]) -> str:
    """Of a page or row; of a data source."""
    if isinstance(page.get("title"), list):
        return text_of(page["title"]) or "Untitled"
    found = next((one for one in page.get("properties", {}).values() if one["type"] == "title"), None)
    return (text_of(found["title"]) if found else "") or "Untitled"


def sent(notion: Notion, schema: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    """The properties as Notion takes them, by the schema of their database. Raises `ToolError` for what it lacks."""
    for name in values:
        if name not in schema:
            known = ", ".join(f"{key} ({one['type']})" for key, one in schema.items())
            raise ToolError(f"The database has no property {name!r}. It has: {known}.")
    return {name: _one(notion, schema[name], value) for name, value in values.items()}


def person_id(notion: Notion, name: str) -> str:
    """By e-mail address or name, or an id as it is."""
    wanted = name.strip().lower()
    people = notion.people()
    found = [one for one in people if wanted in (one["id"], (one["name"] or "").lower(), _email(one).lower())]
    if len(found) != 1:
        known = ", ".join(one["name"] or one["id"] for one in people[:15])
        raise ToolError(f"Notion knows {len(found) or 'no'} {name!r}. There are: {known}.")
    return str(found[0]["id"])


def _one(notion: Notion, config: Mapping[str, Any], value: Value) -> dict[str, Any]:
    kind = config["type"]
    if kind in _SENT:
        return {kind: _SENT[kind](config, value)}
    if kind == "people":
        return {kind: [{"id": person_id(notion, one)} for one in _listed(value)]}
    raise ToolError(f"Notion works out {config['name']!r} ({kind}) itself, or it cannot be set from outside.")


def _option(config: Mapping[str, Any], name: str) -> str:
    """One that there is: Notion would make a new one of any other word, which changes the database."""
    options = [str(one["name"]) for one in config[config["type"]]["options"]]
    for option in options:
        if option.lower() == name.strip().lower():
            return option
    raise ToolError(f"{config['name']} cannot be {name!r}. It can be: {', '.join(options)}.")


def _number(config: Mapping[str, Any], value: Value) -> float | None:
    if value is None or value == "":
        return None
    try:
        return float(shown(value))
    except ValueError:
        raise ToolError(f"{config['name']} is a number, and {shown(value)!r} is none.") from None


def _date(value: Value) -> dict[str, Any] | None:
    start, _, end = shown(value).partition("/")
    return {"start": start, "end": end or None} if start else None


def _listed(value: Value) -> list[str]:
    if isinstance(value, list):
        return value
    return [shown(value)] if value else []


def _computed(kind: str, held: Any) -> Any:
    match kind:
        case "formula":
            inner = held[held["type"]]
            return shown(inner["start"] if isinstance(inner, dict) else inner)
        case "rollup":
            inner = held[held["type"]]
            return f"{len(inner)} values" if isinstance(inner, list) else shown(inner)
        case "unique_id":
            return f"{held['prefix']}-{held['number']}" if held["prefix"] else str(held["number"])
        case "created_by" | "last_edited_by":
            return _person(held)
    return held if isinstance(held, str | int | float | bool) else ""


def _person(user: Mapping[str, Any]) -> str:
    return str(_email(user) or user.get("name") or user["id"])


def _email(user: Mapping[str, Any]) -> str:
    return str((user.get("person") or {}).get("email") or "")


def _span(held: Mapping[str, Any]) -> str:
    return f"{held['start']}/{held['end']}" if held["end"] else str(held["start"])


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "title": text_of,
    "rich_text": text_of,
    "select": lambda held: held["name"],
    "status": lambda held: held["name"],
    "multi_select": lambda held: [one["name"] for one in held],
    "people": lambda held: [_person(one) for one in held],
    "relation": lambda held: [one["id"] for one in held],
    "files": lambda held: [one["name"] for one in held],
    "date": _span,
}
_SENT: Mapping[str, Callable[[Mapping[str, Any], Value], Any]] = {
    "title": lambda _, value: rich(shown(value)),
    "rich_text": lambda _, value: rich(shown(value)),
    "url": lambda _, value: shown(value) or None,
    "email": lambda _, value: shown(value) or None,
    "phone_number": lambda _, value: shown(value) or None,
    "number": _number,
    "checkbox": lambda _, value: value is True or str(value).lower() in ("yes", "true"),
    "date": lambda _, value: _date(value),
    "select": lambda config, value: {"name": _option(config, shown(value))} if value else None,
    "status": lambda config, value: {"name": _option(config, shown(value))} if value else None,
    "multi_select": lambda config, value: [{"name": _option(config, one)} for one in _listed(value)],
    "relation": lambda _, value: [{"id": plain_id(one)} for one in _listed(value)],
}
"""How each kind of property is sent; people are looked up besides."""
