"""The MCP server put together, when somebody first asks for it."""

from __future__ import annotations

from bot.engine.bell import Bell
from bot.engine.record import Record
from bot.engine.serving import Serving
from bot.engine.tokens import Tokens
from bot.web.mcp.desk import Desk
from bot.web.mcp.hosted import Hosted
from bot.web.mcp.ringing import Ringing
from bot.web.mcp.server import TaskServer
from bot.web.mcp.watching import Watching


def hosted(serving: Serving, tokens: Tokens, record: Record, bell: Bell) -> Hosted:
    desk, ringing = Desk(serving, tokens, record), Ringing(bell)
    watching = Watching(desk, ringing)
    return Hosted(TaskServer(desk, ringing, watching), ringing, watching)
