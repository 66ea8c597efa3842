"""Where processes are forked from: what each of them would load and build anew is there already.

Only the fork server imports this. The first turn of the model alone builds schemas for a third of a second, and the
plugins bring the libraries of eight services.
"""

from __future__ import annotations

import threading

from bot.cli import restore, up, web, worker  # noqa: F401 - loaded with all that they need
from bot.model.claude import Claude
from bot.model.request import Prefix
from bot.registry import plugins
from bot.rehearsal.answer import calls
from bot.rehearsal.server import ModelDouble
from tests import unsynced  # noqa: F401
from tests.kill import member  # noqa: F401


def _one_turn() -> None:
    with ModelDouble(lambda _: calls(("look", {}), say="Yes.")) as double:
        claude = Claude(api_key="none", base_url=double.url, model="rehearsal", endpoint="anthropic")
        look = {"name": "look", "description": "Look.", "input_schema": {"type": "object"}}
        prefix = Prefix.frozen(model="rehearsal", system="Be kind.", tools=[look])
        claude.turn(prefix, [{"role": "user", "content": [{"type": "text", "text": "Hello."}]}])
        claude.close()


_one_turn()
plugins.found()
assert threading.active_count() == 1, "a thread is not forked along"
