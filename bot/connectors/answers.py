"""What a server's results become: cleaned words, JSON, pictures and files, none of them twice, none followed."""

from __future__ import annotations

import base64
import binascii
import json
import mimetypes
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from bot.domain.cleaned import cleaned, cleaned_in
from bot.domain.connector import Answer, Attachment, Picture
from bot.sdk.context import Files

if TYPE_CHECKING:
    from mcp_types import (
        AudioContent,
        BlobResourceContents,
        CallToolResult,
        ContentBlock,
        ImageContent,
        ReadResourceResult,
        ResourceLink,
        TextResourceContents,
    )

_PICTURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
_ELSEWHERE = "(sent as a file)"
_LONGEST_NAME = 80
_TEXTS = ("application/json", "application/xml", "application/yaml", "application/sql")


def answer_of(result: CallToolResult) -> Answer:
    """What a call gave. Where text only repeats the structured content, it is there once."""
    coded = frozenset(_coded(result.content))
    texts = [cleaned(part.text) for part in result.content if part.type == "text"]
    structured = cleaned_in(_without(result.structured_content, coded))
    if _repeats(texts, result.structured_content):
        texts, structured = ([], structured) if not _is_words(structured) else (texts, None)
    links = [part for part in result.content if part.type == "resource_link"]
    return Answer(
        text="\n".join([*texts, *map(_link, links)]),
        structured=structured,
        pictures=tuple(_pictures(result.content)),
        attachments=tuple(_attachments(result.content)),
        links=tuple(cleaned(link.uri) for link in links),
        is_error=bool(result.is_error),
    )


def reading_of(result: ReadResourceResult) -> Answer:
    """What reading a resource gave: one text is the answer itself, anything else comes along with it."""
    if len(result.contents) == 1 and hasattr(only := result.contents[0], "text"):
        return Answer(text=cleaned(only.text))
    return Answer(attachments=tuple(_resource(one) for one in result.contents))


def told(answer: Answer, files: Files) -> str:
    """An answer in words for the model: all files that came are put among the task's own, and named.

    As long as it comes: `bot.registry.plugged.bounded` keeps what is too much for the model in a file.
    """
    shown = [answer.text] if answer.text else []
    if answer.structured is not None:
        shown.append(json.dumps(answer.structured, ensure_ascii=False, separators=(",", ":")))
    shown += [_picture_told(number, one, files) for number, one in enumerate(answer.pictures, 1)]
    shown += [_attachment_told(one, files) for one in answer.attachments]
    return "\n".join(shown) or "(It gave nothing back.)"


def _repeats(texts: Sequence[str], structured: Any) -> bool:
    """Servers send the same as text: the whole, or a line for each part of the one thing in it, such as `result`."""
    if structured is None or not texts:
        return False
    inner = _only(structured)
    forms = [[structured], [inner], inner if isinstance(inner, list) else []]
    return any(
        len(form) == len(texts) and all(map(_says, texts, form)) for form in forms if form not in ([], [None])
    )


def _is_words(structured: Any) -> bool:
    return isinstance(_only(structured), str)


def _only(structured: Any) -> Any:
    return next(iter(structured.values())) if isinstance(structured, dict) and len(structured) == 1 else None


def _says(text: str, value: Any) -> bool:
    if isinstance(value, str):
        return text == cleaned(value)
    try:
        return bool(json.loads(text) == cleaned_in(value))
    except (ValueError, RecursionError):
        return False


def _coded(content: Sequence[ContentBlock]) -> Iterator[str]:
    for part in content:
        match part.type:
            case "image" | "audio":
                yield part.data
            case "resource" if hasattr(part.resource, "blob"):
                yield part.resource.blob
            case _:
                pass


def _without(value: Any, coded: frozenset[str]) -> Any:
    """The same with a word in place of what came as a file as well."""
    if not coded:
        return value
    if isinstance(value, str):
        return _ELSEWHERE if value in coded else value
    if isinstance(value, dict):
        return {name: _without(one, coded) for name, one in value.items()}
    return [_without(one, coded) for one in value] if isinstance(value, list) else value


def _link(link: ResourceLink) -> str:
    name = cleaned(link.title or link.name)
    kind = f", {cleaned(link.mime_type)}" if link.mime_type else ""
    return f"resource: {cleaned(link.uri)} ({name}{kind})"


def _pictures(content: Sequence[ContentBlock]) -> Iterator[Picture]:
    for part in content:
        if part.type == "image" and _is_picture(part):
            yield Picture(mime_type=part.mime_type, content=part.data)


def _is_picture(part: ImageContent) -> bool:
    """What it says it is, by its first bytes: no other is shown to anyone as a picture."""
    return _bytes(part.data).startswith(_PICTURES.get(part.mime_type, ()))


def _attachments(content: Sequence[ContentBlock]) -> Iterator[Attachment]:
    for number, part in enumerate(content, 1):
        match part.type:
            case "resource":
                yield _resource(part.resource)
            case "audio":
                yield _sound(part, f"sound-{number}")
            case "image" if not _is_picture(part):
                yield _sound(part, f"image-{number}")
            case _:
                pass


def _sound(part: AudioContent | ImageContent, stem: str) -> Attachment:
    kind = cleaned(part.mime_type)
    return Attachment(name=f"{stem}{_ending(kind)}", mime_type=kind, content=_bytes(part.data))


def _resource(one: TextResourceContents | BlobResourceContents) -> Attachment:
    kind = cleaned(one.mime_type or "")
    if hasattr(one, "text"):
        kind = kind if _is_text(kind) else "text/plain"
        return Attachment(name=cleaned(one.uri), mime_type=kind, content=cleaned(one.text).encode())
    kind = kind if kind and not _is_text(kind) else "application/octet-stream"
    return Attachment(name=cleaned(one.uri), mime_type=kind, content=_bytes(one.blob))


def _bytes(coded: str) -> bytes:
    try:
        return base64.b64decode(coded)
    except (binascii.Error, ValueError):
        return coded.encode(errors="replace")


def _is_text(kind: str) -> bool:
    base = kind.split(";")[0].strip()
    return base.startswith("text/") or base in _TEXTS or base.endswith(("+json", "+xml"))


def _picture_told(number: int, one: Picture, files: Files) -> str:
    content = _bytes(one.content)
    path = files.keep(f"picture-{number}{_ending(one.mime_type)}", content)
    return f"Picture: {path} ({one.mime_type}, {len(content):,} bytes)"


def _attachment_told(one: Attachment, files: Files) -> str:
    """Text is read at once; of all else the model is told where it is."""
    if _is_text(one.mime_type):
        return f"From {one.name}:\n{one.content.decode(errors='replace')}"
    path = files.keep(_file_name(one), one.content)
    return f"File: {path} ({one.mime_type or 'of an unknown kind'}, {len(one.content):,} bytes)"


def _file_name(one: Attachment) -> str:
    last = PurePosixPath(unquote(one.name.split("#")[0].split("?")[0])).name
    safe = "".join(letter if letter.isalnum() or letter in "._- " else "-" for letter in last).lstrip(". ")
    stem, dot, ending = safe.rpartition(".")
    if not dot:
        stem, ending = safe, _ending(one.mime_type).lstrip(".")
    name = f"{stem[:_LONGEST_NAME]}.{ending[:10]}".strip(". ")
    return name or "file"


def _ending(kind: str) -> str:
    return mimetypes.guess_extension(kind.split(";")[0].strip()) or ""
