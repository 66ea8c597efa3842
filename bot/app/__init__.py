"""The composition root: the one place that knows every name and builds the colleague, however it is run."""

from bot.app.colleague import REHEARSAL_MODEL, Colleague
from bot.app.fleet import Front, Workroom
from bot.app.local import MANIFEST
from bot.app.office import HOST, Office

__all__ = ["HOST", "MANIFEST", "REHEARSAL_MODEL", "Colleague", "Front", "Office", "Workroom"]
