"""The files that a task handed over."""

from __future__ import annotations

import mimetypes
import pathlib
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse
from pydantic import BaseModel

from bot.domain import versions
from bot.engine.serving import NotThere
from bot.web.api.caller import Caller
from bot.web.api.served import Served
from bot.web.api.tasks import TaskId
from bot.web.values import DeliverableValue

router = APIRouter(tags=["deliverables"])


class Deliverables(BaseModel):
    """`earlier` are the versions before those in `deliverables`, each by a name of its own."""

    deliverables: list[DeliverableValue]
    earlier: list[DeliverableValue]


@router.get("/tasks/{task_id}/deliverables", summary="List the files that a task handed over")
def listed(served: Served, token: Caller, task_id: TaskId) -> Deliverables:
    """Of each name the newest, in the order they were handed over."""
    found = served.serving.deliverables(token, task_id)
    return Deliverables(
        deliverables=[DeliverableValue.of(task_id, one) for one in versions.newest(found).values()],
        earlier=[DeliverableValue.of(task_id, one, name) for name, one in versions.earlier(found).items()],
    )


@router.get(
    "/tasks/{task_id}/deliverables/{name}",
    summary="Download a file",
    response_class=FileResponse,
    responses={
        200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
def downloaded(
    served: Served, token: Caller, task_id: TaskId, name: Annotated[str, Path(max_length=300)]
) -> FileResponse:
    """As it was when it was handed over. It is sent as a file to keep, never as a page to show."""
    found = served.serving.deliverable(token, task_id, name)
    if not pathlib.Path(found.path).is_file():
        raise NotThere(f"{name} was removed from where finished files are kept.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(
        found.path,
        media_type="application/octet-stream" if kind.startswith("text/html") else kind,
        filename=name,
        headers={"content-security-policy": "sandbox; default-src 'none'"},
    )
