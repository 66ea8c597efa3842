"""The composition root: the one place that knows every name and builds the colleague, however it is run.

A name is loaded when it is asked for: a verb of the command line that needs one part does not pay for them all.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.app.colleague import REHEARSAL_MODEL, Colleague
    from bot.app.fleet import Front, Workroom
    from bot.app.office import Office
    from bot.app.where import HOST, MANIFEST

__all__ = ["HOST", "MANIFEST", "REHEARSAL_MODEL", "Colleague", "Front", "Office", "Workroom"]

_HOMES = {
    "HOST": "where",
    "MANIFEST": "where",
    "REHEARSAL_MODEL": "colleague",
    "Colleague": "colleague",
    "Front": "fleet",
    "Office": "office",
    "Workroom": "fleet",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"bot.app has no {name}")
    return getattr(import_module(f"bot.app.{_HOMES[name]}"), name)
