"""Captions that Word counts: "Figure 1" and "Table 1" as fields, in the order in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from bot.documents.word.xml import attribute, made, name, words

Kind = Literal["Figure", "Table"]

_SEQUENCE: Final = re.compile(r"^\s*SEQ\s+(\S+)")
_WORDS: Final = {
    "de": ("Abbildung", "Tabelle"),
    "fr": ("Figure", "Tableau"),
    "es": ("Figura", "Tabla"),
    "it": ("Figura", "Tabella"),
    "pt": ("Figura", "Tabela"),
    "nl": ("Figuur", "Tabel"),
}


def label(kind: Kind, language: str) -> str:
    figure, table = _WORDS.get(language[:2], ("Figure", "Table"))
    return figure if kind == "Figure" else table


def numbered(kind: Kind, language: str) -> list[Any]:
    """The runs before a caption's own words: its label and its number, which `count` puts right."""
    called = label(kind, language)
    instruction = made("w:instrText")
    instruction.text = f" SEQ {called} \\* ARABIC "
    instruction.set(name("xml:space"), "preserve")
    field = [
        made("w:fldChar", fldCharType="begin"),
        instruction,
        made("w:fldChar", fldCharType="separate"),
        *words("1"),
        made("w:fldChar", fldCharType="end"),
    ]
    return [
        made("w:r", *words(f"{called} ")),
        *(made("w:r", one) for one in field),
        made("w:r", *words(": ")),
    ]


def count(body: Any) -> None:
    """Every number as Word would show it. A text that has none of ours or others' stays as it is."""
    reached: dict[str, int] = {}
    for called, shown in _fields(body):
        reached[called] = reached.get(called, 0) + 1
        if shown.text != str(reached[called]):
            shown.text = str(reached[called])


def _fields(body: Any) -> Iterator[tuple[str, Any]]:
    """Of each sequence field that only counts up, the name and the text that shows its number."""
    for paragraph in body.iter(name("w:p")):
        for field in paragraph.iter(name("w:fldSimple")):
            yield from _named(attribute(field, "w:instr"), field.iter(name("w:t")))
        yield from _complex(paragraph)


def _complex(paragraph: Any) -> Iterator[tuple[str, Any]]:
    shown: list[Any] = []
    instruction = state = ""
    for element in paragraph.iter(name("w:fldChar"), name("w:instrText"), name("w:t")):
        if element.tag == name("w:fldChar"):
            state = attribute(element, "w:fldCharType")
            if state == "begin":
                instruction, shown = "", []
            elif state == "end":
                yield from _named(instruction, iter(shown))
        elif element.tag == name("w:instrText"):
            instruction += element.text or ""
        elif state == "separate":
            shown.append(element)


def _named(instruction: str, shown: Iterator[Any]) -> Iterator[tuple[str, Any]]:
    found = _SEQUENCE.match(instruction)
    if found and "\\r" not in instruction and "\\c" not in instruction and "ARABIC" in instruction:
        texts = list(shown)
        if len(texts) == 1:
            yield found[1], texts[0]
