"""What is to be changed in a document that exists: each edit with what it takes, and the kinds it is for."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["docx", "xlsx", "pptx"]


class EditOf(BaseModel):
    """`kinds` are the documents it can be made in; `words` what a person reads of it before it is made."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    kinds: ClassVar[tuple[Kind, ...]]

    @property
    def words(self) -> str:
        raise NotImplementedError


class ReplaceText(EditOf):
    """In paragraphs, tables, headers, footers and notes of a docx, in shapes, tables and notes of a pptx.

    `old_text` lies within one paragraph and keeps the look of its first letter. It must occur once, or `everywhere`.
    """

    kinds = ("docx", "pptx")
    do: Literal["replace_text"]
    old_text: str = Field(min_length=1, max_length=20_000)
    new_text: str = Field(max_length=20_000)
    everywhere: bool = False

    @property
    def words(self) -> str:
        lines = [
            *(f"- {one}" for one in self.old_text.split("\n")),
            *(f"+ {one}" for one in self.new_text.split("\n")),
        ]
        return "\n".join(["Replace, everywhere:" if self.everywhere else "Replace:", *lines])


class DeleteSection(EditOf):
    """Docx: this heading and all to the next of its level or above."""

    kinds = ("docx",)
    do: Literal["delete_section"]
    heading: str = Field(min_length=1)

    @property
    def words(self) -> str:
        return f"Delete the heading “{self.heading}” and all below it"


WordEdit = ReplaceText | DeleteSection
Edit = Annotated[WordEdit, Field(discriminator="do")]
