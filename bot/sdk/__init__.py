"""The plugin API: all that a plugin may import."""

from bot.domain.call import Result
from bot.domain.destination import Aim, Destination
from bot.domain.effect import Effect
from bot.domain.label import Audience
from bot.domain.receipt import Receipt
from bot.errors import SignInNeeded, ToolError, Unavailable
from bot.sdk.action import EVERYWHERE, Action, Inverse, action, actions_in
from bot.sdk.answers import (
    ROWS,
    Cursor,
    Offset,
    Page,
    line,
    listed,
    marked,
    minute,
    page_of,
    part_of,
)
from bot.sdk.connect import (
    Blank,
    Checked,
    Connection,
    Endpoint,
    Form,
    Item,
    Minted,
    OAuth,
    Per,
)
from bot.sdk.context import Context, Files
from bot.sdk.local import LocalFile
from bot.sdk.plugin import BadPlugin, Plugin
from bot.sdk.refusals import NotFound, Trouble, refusal, seconds_to_wait
from bot.sdk.scope import Scope

__all__ = [
    "EVERYWHERE",
    "Action",
    "Aim",
    "Audience",
    "BadPlugin",
    "Blank",
    "Checked",
    "Connection",
    "Context",
    "Cursor",
    "Destination",
    "Effect",
    "Endpoint",
    "Files",
    "Form",
    "Inverse",
    "Item",
    "LocalFile",
    "Minted",
    "NotFound",
    "OAuth",
    "Offset",
    "Page",
    "Per",
    "Plugin",
    "ROWS",
    "Receipt",
    "Result",
    "Scope",
    "SignInNeeded",
    "ToolError",
    "Trouble",
    "Unavailable",
    "action",
    "actions_in",
    "line",
    "listed",
    "marked",
    "minute",
    "page_of",
    "part_of",
    "refusal",
    "seconds_to_wait",
]
