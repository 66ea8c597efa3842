"""What was put into SQL for one database is said to the next one as it is: hundreds of them begin in a run."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Mapper


class _Said(dict[Any, Any]):
    """By dialect, and not by the instance of it that each database has for itself."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), value)


_SAID = _Said()


@event.listens_for(Engine, "engine_connect")
def _remember(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_SAID)


@event.listens_for(Mapper, "mapper_configured")
def _remember_rows(mapper: Mapper[Any], _: type) -> None:
    mapper._compiled_cache = _SAID
