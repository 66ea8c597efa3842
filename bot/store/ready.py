"""Statements made ready for the driver once: SQLAlchemy words them, and is not asked again at every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Processed = tuple[tuple[str, Callable[[Any], Any]], ...]


@dataclass(frozen=True, kw_only=True)
class Ready:
    """`fixed` are the values that are always the same, `order` the names where the driver counts them."""

    text: str
    fixed: Mapping[str, Any]
    processed: Processed
    order: Sequence[str] | None

    def given(self, values: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """The values as the driver takes them."""
        whole = {**self.fixed, **values}
        for name, process in self.processed:
            whole[name] = process(whole[name])
        return whole if self.order is None else [whole[name] for name in self.order]


@lru_cache(maxsize=512)
def ready(statement: ClauseElement, dialect: Dialect, names: tuple[str, ...]) -> Ready:
    """Given values of these names. Raises what SQLAlchemy raises when one is missing, or is nothing of the table's."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    assert not compiled.escaped_bind_names
    fixed = dict(compiled.construct_params(dict.fromkeys(names)))
    for column in compiled.insert_prefetch:
        assert isinstance(column.default, ScalarElementColumnDefault), "only a value can be a default here"
        fixed[column.key] = column.default.arg
    found = (
        (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
        for name, bind in compiled.binds.items()
    )
    return Ready(
        text=str(compiled),
        fixed=fixed,
        processed=tuple((name, process) for name, process in found if process is not None),
        order=compiled.positiontup,
    )
