"""What the endpoint behind a model understands: the loop asks capabilities, never a provider's name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from urllib.parse import quote

import anthropic
from pydantic import BaseModel

from bot.model import errors

ANTHROPIC_ADDRESS = "https://api.anthropic.com"
ASKING_SECONDS = 10.0
CHOSEN_CONTEXT = 300_000
PRESUMED_CONTEXT = 200_000
PLAIN_CONTEXT = 32_000


class Endpoint(StrEnum):
    AUTO = "auto"
    ANTHROPIC = "anthropic"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """The optional parts of a request that may be sent.

    `pings` = it gives signs of life while it thinks. `compaction` = it sums up a conversation itself.
    `structured_outputs` = its answer can be held to a JSON schema. `max_tokens` is the most the model may write,
    and `max_input_tokens` the most it may read, if known.
    """

    marks: bool = True
    diagnostics: bool = True
    system_messages: bool = True
    betas: bool = True
    thinking: bool = True
    output_config: bool = True
    pings: bool = True
    compaction: bool = True
    structured_outputs: bool = True
    max_tokens: int | None = None
    max_input_tokens: int | None = None

    def context(self, chosen: int = 0) -> int:
        """How many tokens a conversation may grow to: as chosen (0 = nothing), and no more than the model reads."""
        if self.max_input_tokens is None:
            return chosen or (PRESUMED_CONTEXT if self.pings else PLAIN_CONTEXT)
        return min(chosen or CHOSEN_CONTEXT, self.max_input_tokens)

    def without_what(self, complaint: str) -> Self:
        """Less what a 400 names as not supported; the same when it names nothing we could leave out."""
        if not _UNSUPPORTED.search(complaint) or _BINDING.search(complaint):
            return self
        named = {name: False for name, pattern in _NAMES.items() if pattern.search(complaint)}
        if "compaction" in named:  # its own beta is what was not understood
            named.pop("betas", None)
        return replace(self, **named)


FULL = Capabilities()
PLAIN = Capabilities(
    marks=False,
    diagnostics=False,
    system_messages=False,
    betas=False,
    thinking=False,
    output_config=False,
    pings=False,
    compaction=False,
    structured_outputs=False,
)

_UNSUPPORTED = re.compile(
    r"not (be )?(supported|permitted|allowed|recogni[sz]ed|available)|does not (support|accept)|extra_forbidden|"
    r"unsupported|unknown|unrecogni[sz]ed|unexpected|invalid (role|beta)|input should be",
    re.IGNORECASE,
)
_BINDING = re.compile(r"signature|different conversation", re.IGNORECASE)
_NAMES = {
    "marks": re.compile(r"cache_control"),
    "diagnostics": re.compile(r"diagnostics"),
    "system_messages": re.compile(
        r"\brole\b.{0,40}\bsystem\b|\bsystem\b.{0,20}\b(role|messages?)\b|messages?[.\[\]'\", ]*\d+.{0,6}\brole\b",
        re.IGNORECASE | re.DOTALL,
    ),
    "betas": re.compile(r"anthropic-beta|\bbetas?\b"),
    "thinking": re.compile(
        r"\bthinking\.(type|display|adaptive)|\badaptive\b|\bthinking: |['\"]thinking['\"]"
    ),
    "output_config": re.compile(r"output_config(?!\.format)|\beffort\b"),
    "structured_outputs": re.compile(r"output_config\.format|\bjson_schema\b"),
    "compaction": re.compile(r"\bcompaction\b|\bcompact-20"),
}


class ModelInfo(BaseModel):
    """The models endpoint's answer, as far as we use it."""

    id: str = ""
    display_name: str | None = None
    lifecycle: str | None = None
    retires_at: datetime | None = None
    max_input_tokens: int | None = None
    max_tokens: int | None = None
    capabilities: dict[str, Any] | None = None


def ask(client: anthropic.Anthropic, model: str) -> ModelInfo | None:
    """What the endpoint says of this model; None if it has no answer of that kind.

    Raises what the SDK raises when nobody answers, and `APIStatusError` for anything but "no such page".
    """
    try:
        said = client.get(
            f"/v1/models/{quote(model, safe='')}", cast_to=object, options={"timeout": ASKING_SECONDS}
        )
        info = ModelInfo.model_validate(said)
    except (anthropic.NotFoundError, ValueError):  # ValueError: not JSON, or not of this shape
        return None
    return info if info.capabilities is not None else None


def known_models(client: anthropic.Anthropic) -> list[str]:
    """The names a server lists at `/v1/models`; empty if it does not list any."""
    try:
        return _Models.model_validate(
            client.get("/v1/models", cast_to=object, options={"timeout": ASKING_SECONDS})
        ).names
    except (anthropic.APIStatusError, ValueError):
        return []


def of(info: ModelInfo) -> Capabilities:
    """All that Anthropic's API has, less what this model lacks."""
    supported = info.capabilities or {}
    return replace(
        FULL,
        thinking=_is_on(supported, "thinking", "types", "adaptive"),
        output_config=_is_on(supported, "effort"),
        compaction=_is_on(supported, "compaction") and _is_on(supported, "compaction", "summarize"),
        structured_outputs=_is_on(supported, "structured_outputs"),
        max_tokens=info.max_tokens,
        max_input_tokens=info.max_input_tokens,
    )


def resolve(client: anthropic.Anthropic, model: str, *, endpoint: Endpoint, address: str) -> Capabilities:
    """Find out what may be sent. Raises `NotConfigured` or `Unavailable` when that cannot be found out now."""
    if endpoint is Endpoint.PLAIN:
        return PLAIN
    presumed = FULL if endpoint is Endpoint.ANTHROPIC else PLAIN
    try:
        info = ask(client, model)
    except anthropic.APIStatusError as error:
        if address == ANTHROPIC_ADDRESS or _says_later_or_wrong_key(error):
            raise errors.ours(error, model=model, address=address) from error
        return presumed
    if info is not None:
        return of(info)
    if address == ANTHROPIC_ADDRESS:
        raise errors.unknown_model(model, address)
    return presumed


def _says_later_or_wrong_key(error: anthropic.APIStatusError) -> bool:
    """A 500 is left out: some local servers answer so to a page they do not have."""
    return error.status_code == 401 or (errors.is_passing(error) and error.status_code not in (500, 501))


def _is_on(supported: dict[str, Any], *path: str) -> bool:
    """Whether a capability is on; one that is not spoken of is taken to be."""
    found: Any = supported
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return bool(found.get("supported", True)) if isinstance(found, dict) else True


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Model]

    @property
    def names(self) -> list[str]:
        return [model.id for model in self.data]
