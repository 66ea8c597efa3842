"""One edit of a document that exists: the kinds it is for, and how people read it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["docx", "xlsx", "pptx"]


class EditOf(BaseModel):
    """`kinds` are the documents it can be made in; `words` what a person reads of it before it is made."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    kinds: ClassVar[tuple[Kind, ...]]

    @property
    def words(self) -> str:
        raise NotImplementedError
