"""Where processes are forked from: what each of them would load and build anew is there already.

Only the fork server imports this. A verb loads what it uses once it is called, in half a second and more; the first
turn of the model builds schemas for a third of one, and the plugins bring the libraries of eight services.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import threading

import uvicorn.protocols.websockets.wsproto_impl  # noqa: F401
from sqlalchemy.orm import configure_mappers

import bot
from bot.model.claude import Claude
from bot.model.request import Prefix
from bot.registry import plugins
from bot.rehearsal.answer import calls
from bot.rehearsal.server import ModelDouble
from tests import forked, unsynced  # noqa: F401
from tests.kill import member  # noqa: F401


def _all_of_ours() -> None:
    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)


def _one_turn() -> None:
    with ModelDouble(lambda _: calls(("look", {}), say="Yes.")) as double:
        claude = Claude(api_key="none", base_url=double.url, model="rehearsal", endpoint="anthropic")
        look = {"name": "look", "description": "Look.", "input_schema": {"type": "object"}}
        prefix = Prefix.frozen(model="rehearsal", system="Be kind.", tools=[look])
        claude.turn(prefix, [{"role": "user", "content": [{"type": "text", "text": "Hello."}]}])
        claude.close()


_all_of_ours()
_one_turn()
plugins.found()
configure_mappers()
gc.collect()
gc.freeze()  # nobody who is forked looks through it for garbage, or has pages copied for that
assert threading.active_count() == 1, "a thread is not forked along"
