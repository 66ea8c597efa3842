"""One edit of a document that exists: the kinds it is for, and how people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["docx", "xlsx", "pptx"]


def as_made(what: str) -> dict[str, Any]:
    """The schema of content that make_document tells of already: twice would cost every prompt."""
    return {"type": "object", "description": f"{what} as in make_document."}


_OF_MAKING = (
    "By `do`, with its other fields. Blocks, bullets, series, sheets and slides are as in make_document."
)


def one_of(kinds: Iterable[type[EditOf]]) -> dict[str, Any]:
    """The schema of any of these edits, told in a line each: as schemas of their own they would cost thrice as much."""
    named = {cls.model_fields["do"].annotation.__args__[0]: cls for cls in kinds}  # type: ignore[union-attr]
    lines = [f"{name} {{{', '.join(_fields(cls))}}}: {_doc(cls)}" for name, cls in named.items()]
    return {
        "type": "object",
        "properties": {"do": {"enum": list(named)}},
        "required": ["do"],
        "description": "\n".join([_OF_MAKING, *lines]),
    }


def _fields(cls: type[EditOf]) -> Iterator[str]:
    described = cls.model_json_schema()["properties"]
    for name, one in cls.model_fields.items():
        if name != "do":
            kind = described[name].get("type", "")
            yield f"{name}{'' if one.is_required() else '?'}{f': {kind}' if kind not in ('', 'string') else ''}"


def _doc(cls: type[EditOf]) -> str:
    return " ".join((cls.__doc__ or "").split())


class EditOf(BaseModel):
    """`kinds` are the documents it can be made in; `words` what a person reads of it before it is made."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    kinds: ClassVar[tuple[Kind, ...]]

    @property
    def words(self) -> str:
        raise NotImplementedError
