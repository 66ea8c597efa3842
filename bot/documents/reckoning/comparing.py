"""What is equal and what is less, as far as every spreadsheet says so."""

from __future__ import annotations

from bot.documents.reckoning.digits import are_one
from bot.documents.reckoning.values import Failed, NotReckoned, Problem, Value, is_number, number


def are_equal(left: Value, right: Value) -> bool:
    """As "=" does: letters are alike whether large or small, and what is empty is 0 or no text."""
    for one in (left, right):
        if isinstance(one, Problem):
            raise Failed(one)
    if left is None or right is None:
        other = right if left is None else left
        return other is None or other == "" or (not isinstance(other, str) and other == 0)
    if isinstance(left, str) and isinstance(right, str):
        return are_same_words(left, right)
    if isinstance(left, str) or isinstance(right, str) or is_number(left) != is_number(right):
        return False
    return are_one(number(left), number(right))


def are_same_words(left: str, right: str) -> bool:
    """Raises `NotReckoned` where that is for a language to say, as of "ß" and "SS"."""
    is_so = left.lower() == right.lower()
    if is_so != (left.casefold() == right.casefold()):
        raise NotReckoned
    return is_so


def is_less(left: Value, right: Value) -> bool:
    """Of numbers; how text is ordered depends on the language of who reads."""
    if isinstance(left, str | bool) or isinstance(right, str | bool):
        raise NotReckoned
    one, other = number(left), number(right)
    return not are_one(one, other) and one < other
