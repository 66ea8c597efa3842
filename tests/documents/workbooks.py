"""Workbooks made of content, and what stands in them."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from bot.documents import making
from bot.documents.content import Content


def made(*sheets: dict[str, Any], **content: Any) -> making.Made:
    said = Content.model_validate({"sheets": list(sheets), **content})
    return making.done(making.Order(format="xlsx", content=said))


def opened(file: bytes, **how: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(file), **how)


def sheet(name: str, columns: dict[str, str], *rows: list[Any], **more: Any) -> dict[str, Any]:
    """With its columns' titles and kinds."""
    kinds = [{"title": title, "kind": kind} for title, kind in columns.items()]
    return {"name": name, "columns": kinds, "rows": list(rows), **more}


def reckoned(formula: str) -> dict[str, str]:
    return {"formula": formula}
