"""How much one request may hold: output, messages, images, and what strict tools may be made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rehearsal.catalogue import Model
from bot.rehearsal.prompt import as_blocks

BODY_BYTES = 32 * 1024 * 1024
MESSAGES = 100_000
IMAGE_BYTES = 10 * 1024 * 1024
STRICT_TOOLS, OPTIONAL_PARAMETERS, UNION_PARAMETERS = 20, 24, 16

TOO_LONG = "max_tokens: {asked} > {most}, which is the maximum allowed number of output tokens for {model}"
NEGATIVE = "max_tokens: Input should be greater than or equal to 0"
TOO_MANY_MESSAGES = "messages: at most 100000 messages are allowed"
TOO_MANY_IMAGES = "messages: too many images: {found} > {most}"
IMAGE_TOO_LARGE = "{path}.source.base64: image exceeds 10 MB maximum: {size} bytes > 10485760 bytes"
STRICT = "tools: too many {what} in strict tools: {found} > {most}"
OPEN_SCHEMA = "tools.{at}.custom: For 'object' type, 'additionalProperties' must be explicitly set to false"
TOO_LONG_PROMPT = "prompt is too long: {found} tokens > {most} maximum"


def check(body: Mapping[str, Any], model: Model, tokens: int) -> Iterator[str]:
    """Which limits a request of so many tokens exceeds."""
    asked = body.get("max_tokens", 1)
    if asked < 0:
        yield NEGATIVE
    if asked > model.max_tokens:
        yield TOO_LONG.format(asked=asked, most=model.max_tokens, model=model.id)
    if len(body["messages"]) > MESSAGES:
        yield TOO_MANY_MESSAGES
    if tokens > model.max_input_tokens:
        yield TOO_LONG_PROMPT.format(found=tokens, most=model.max_input_tokens)
    yield from _images(body, model)
    yield from _strict([(at, tool) for at, tool in enumerate(body.get("tools") or ()) if tool.get("strict")])


def _images(body: Mapping[str, Any], model: Model) -> Iterator[str]:
    found = 0
    for at, message in enumerate(body["messages"]):
        for inner, block in enumerate(as_blocks(message.get("content"))):
            for image in _images_in(block):
                found += 1
                size = len(image["source"].get("data") or "") * 3 // 4
                if size > IMAGE_BYTES:
                    yield IMAGE_TOO_LARGE.format(path=f"messages.{at}.content.{inner}.image", size=size)
    if found > model.images:
        yield TOO_MANY_IMAGES.format(found=found, most=model.images)


def _images_in(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if block["type"] == "image":
        yield block
    elif block["type"] == "tool_result" and isinstance(block.get("content"), list):
        yield from (inner for inner in block["content"] if inner["type"] == "image")


def _strict(tools: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterator[str]:
    if len(tools) > STRICT_TOOLS:
        yield STRICT.format(what="tools", found=len(tools), most=STRICT_TOOLS)
    optional = unions = 0
    for at, tool in tools:
        schema = tool["input_schema"]
        properties = schema.get("properties") or {}
        optional += len(set(properties) - set(schema.get("required") or ()))
        unions += sum(1 for one in properties.values() if _is_union(one))
        if schema.get("additionalProperties") is not False:
            yield OPEN_SCHEMA.format(at=at)
    if optional > OPTIONAL_PARAMETERS:
        yield STRICT.format(what="optional parameters", found=optional, most=OPTIONAL_PARAMETERS)
    if unions > UNION_PARAMETERS:
        yield STRICT.format(what="union parameters", found=unions, most=UNION_PARAMETERS)


def _is_union(schema: Any) -> bool:
    return isinstance(schema, dict) and ("anyOf" in schema or isinstance(schema.get("type"), list))
