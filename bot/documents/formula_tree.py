"""A formula as a tree, of what every spreadsheet reads alike: any other makes them call the file broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from openpyxl.formula.tokenizer import Token

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
_DEEPEST: Final = 60
_MOST_SIGNS: Final = 8
_BINDING: Final = {
    "^": 5,
    "*": 4,
    "/": 4,
    "+": 3,
    "-": 3,
    "&": 2,
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1),
}
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_COLUMN = re.compile(r"\$?([A-Za-z]{1,3})")
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([Ee][+-]?\d+)?")
_TOO_LARGE = 1e308
_ROW = re.compile(r"\$?([1-9]\d{0,6})")


@dataclass(frozen=True)
class Literal:
    value: float | str | bool


@dataclass(frozen=True)
class Reference:
    """Cells from one corner to the other, rows and columns from 1; `sheet` "" is the one that the formula stands in."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_one(self) -> bool:
        return (self.top, self.left) == (self.bottom, self.right)


@dataclass(frozen=True)
class Call:
    """Of a function, by its name in capitals; an argument left out is None."""

    name: str
    arguments: tuple[Node | None, ...]


@dataclass(frozen=True)
class Operation:
    """`left` is None where the sign stands before what it is for, `right` where it stands behind (%)."""

    sign: str
    left: Node | None
    right: Node | None


@dataclass(frozen=True)
class Array:
    """Of constants, within braces."""


Node = Literal | Reference | Call | Operation | Array


def tokens(formula: str) -> list[Token]:
    """Of a formula without its "=". Raises `ValueError` where it is none."""
    from openpyxl.formula import Tokenizer

    try:
        return list(Tokenizer(f"={formula}").items)
    except Exception:  # noqa: BLE001 - parse boundary: it raises anything on what is no formula
        raise ValueError("it cannot be read") from None


def parsed(formula: str) -> Node:
    """Of a formula without its "=". Raises `ValueError` that says what is wrong with it."""
    reader = _Reader([one for one in tokens(formula) if one.type != "WHITE-SPACE"])
    node = reader.expression()
    if reader.here is not None:
        raise ValueError(f"{reader.here.value!r} is not expected where it stands")
    return node


def within(node: Node | None) -> Iterator[Node]:
    """The node and all below it."""
    if node is None:
        return
    yield node
    match node:
        case Call(_, arguments):
            for one in arguments:
                yield from within(one)
        case Operation(_, left, right):
            yield from within(left)
            yield from within(right)


def reference(text: str) -> Reference:
    """Raises `ValueError` where it is none: a name, a column of a table, a cell of no sheet."""
    sheet, mark, cells = text.rpartition("!")
    first, _, last = cells.partition(":")
    start, end = _corner(first, is_first=True), _corner(last or first, is_first=False)
    kinds = {_kind(one) for one in (first, last or first)}
    if start is None or end is None or len(kinds) > 1 or (not last and kinds != {"cell"}):
        raise ValueError(f"{text!r} is no cell of a sheet; names and tables are not taken")
    rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
    if rows[1] > LAST_ROW or columns[1] > LAST_COLUMN:
        raise ValueError(f"{text!r} is no cell of a sheet: it has {LAST_ROW:,} rows and columns up to XFD")
    if mark and not sheet.strip("'"):
        raise ValueError(f"{text!r} names no sheet")
    return Reference(_sheet_name(sheet), rows[0], columns[0], rows[1], columns[1])


def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _sheet_name(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] == "'"
    return text[1:-1].replace("''", "'") if is_quoted else text


def _kind(text: str) -> str:
    for kind, pattern in (("cell", _CELL), ("column", _COLUMN), ("row", _ROW)):
        if pattern.fullmatch(text):
            return kind
    return ""


def _corner(text: str, *, is_first: bool) -> tuple[int, int] | None:
    """Row and column; of a whole column its first or its last row."""
    if found := _CELL.fullmatch(text):
        return int(found[2]), column_number(found[1])
    if found := _COLUMN.fullmatch(text):
        return 1 if is_first else LAST_ROW, column_number(found[1])
    if found := _ROW.fullmatch(text):
        return int(found[1]), 1 if is_first else LAST_COLUMN
    return None


class _Reader:
    """Goes through the tokens once; the next is `here`."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    @property
    def here(self) -> Any:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def expression(self, least: int = 1) -> Node:
        """All that binds at least so much."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("it is nested too deeply")
        node = self._signed()
        while self.here is not None and self.here.type == "OPERATOR-INFIX":
            binding = _BINDING.get(self.here.value)
            if binding is None:
                raise ValueError(f"{self.here.value!r} between references is not taken")
            if binding < least:
                break
            sign = self._taken().value
            node = Operation(sign, node, self.expression(binding + 1))
        self._depth -= 1
        return node

    def _signed(self) -> Node:
        signs = []
        while self._is("OPERATOR-PREFIX"):
            signs.append(self._taken().value)
        if len(signs) > _MOST_SIGNS:
            raise ValueError("it has too many signs in a row")
        node = self._operand()
        for sign in reversed(signs):
            node = Operation(sign, None, node)
        while self._is("OPERATOR-POSTFIX"):
            node = Operation(self._taken().value, node, None)
        return node

    def _operand(self) -> Node:
        if self.here is None:
            raise ValueError("something is missing at its end")
        token = self._taken()
        if token.type == "OPERAND":
            return _operand(token)
        if token.type == "FUNC" and token.subtype == "OPEN":
            return Call(token.value.rstrip("(").strip().upper(), self._arguments())
        if token.type == "PAREN" and token.subtype == "OPEN":
            node = self.expression()
            self._close("PAREN")
            return node
        if token.type == "ARRAY" and token.subtype == "OPEN":
            return self._array()
        raise ValueError(f"{token.value!r} is not expected where it stands")

    def _arguments(self) -> tuple[Node | None, ...]:
        found: list[Node | None] = []
        if not self._is("FUNC", "CLOSE"):
            found.append(self._argument())
            while self._is("SEP"):
                if self._taken().subtype != "ARG":
                    raise ValueError("arguments are separated by commas, not by semicolons")
                found.append(self._argument())
        self._close("FUNC")
        return tuple(found)

    def _argument(self) -> Node | None:
        return None if self._is("SEP") or self._is("FUNC", "CLOSE") else self.expression()

    def _array(self) -> Node:
        """Constants, in rows of the same length."""
        lengths = [0]
        while True:
            if self._is("OPERATOR-PREFIX"):
                self._taken()
            if not self._is("OPERAND") or self._taken().subtype == "RANGE":
                raise ValueError("between braces stand constants only")
            lengths[-1] += 1
            if not self._is("SEP"):
                break
            if self._taken().subtype == "ROW":
                lengths.append(0)
        self._close("ARRAY")
        if len(set(lengths)) > 1:
            raise ValueError("the rows between its braces are not of one length")
        return Array()

    def _is(self, kind: str, subtype: str = "") -> bool:
        return self.here is not None and self.here.type == kind and subtype in ("", self.here.subtype)

    def _taken(self) -> Any:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _close(self, kind: str) -> None:
        if not self._is(kind, "CLOSE"):
            raise ValueError("its brackets do not match")
        self._taken()


def _operand(token: Any) -> Node:
    text: str = token.value
    match token.subtype:
        case "NUMBER" if _NUMBER.fullmatch(text) and float(text) < _TOO_LARGE:
            return Literal(float(text))
        case "TEXT":
            return Literal(text[1:-1].replace('""', '"'))
        case "LOGICAL":
            return Literal(text.upper() == "TRUE")
        case "RANGE":
            return reference(text)
    raise ValueError(f"{text!r} is no value")
