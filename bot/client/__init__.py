"""Cowork from Python: hand it a goal, follow it, decide what it asks, and take the files it hands back.

from bot.client import Cowork

with Cowork("http://127.0.0.1:8080", token="ck_…") as cowork:
    task = cowork.start("Organize the reports folder")
    task.wait()
"""

from bot.client.cowork import Cowork
from bot.client.errors import (
    BadToken,
    ClientError,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
)
from bot.client.task import File, Task
from bot.client.values import Action, Checkpoint, Event, Receipt, Step

__all__ = [
    "Action",
    "BadToken",
    "Checkpoint",
    "ClientError",
    "Conflict",
    "Cowork",
    "Event",
    "File",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "Receipt",
    "Step",
    "Task",
    "TooMany",
    "Unavailable",
]
