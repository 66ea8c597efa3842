"""What a connector asks in the middle of a call, as programs are shown it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from bot.domain import form
from bot.domain.approval import Approval


class FieldValue(BaseModel):
    """`choices` are the values that it takes, where it takes no others."""

    name: str
    title: str
    kind: str
    hint: str = ""
    required: bool
    choices: list[str] = Field(default_factory=list)


class FormValue(BaseModel):
    """Answered with the JSON of its fields, or with "decline"; a page (`url`) with "done" once a person opened it."""

    connector: str
    message: str
    url: str = ""
    fields: list[FieldValue] = Field(default_factory=list)

    @classmethod
    def of(cls, one: Approval) -> FormValue | None:
        """None where nothing is asked so."""
        asking = one.draft.asking
        if asking is None or asking.open is None:
            return None
        _, asked = asking.open
        fields = () if asked.url else form.fields(asked)
        return cls(
            connector=asking.title,
            message=asked.message,
            url=asked.url,
            fields=[
                FieldValue(
                    name=field.name,
                    title=field.title,
                    kind=field.kind,
                    hint=field.hint,
                    required=field.is_required,
                    choices=[value for value, _ in field.choices],
                )
                for field in fields
            ],
        )
