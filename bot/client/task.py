"""One task, as it was when it was last looked at, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from bot.client.errors import ClientError
from bot.client.values import Checkpoint, Event, Raw, Receipt, Step
from bot.client.wire import Wire, clock

_BUSY = ("queued", "working")
_OVER = ("done", "failed", "stopped")
_TURNS = (*_OVER, "asked", "paused", "lapsed")


@dataclass(frozen=True, kw_only=True)
class File:
    """A finished file that a task handed over."""

    name: str
    title: str
    size: int
    url: str
    _wire: Wire = field(repr=False, compare=False)

    def read(self) -> bytes:
        return self._wire.content(self.url)

    def text(self) -> str:
        return self.read().decode()

    def save(self, folder: str | Path = ".") -> Path:
        """Under its own name, in place of one of the same name."""
        name = PurePosixPath(self.name.replace("\\", "/")).name
        if name in ("", ".", ".."):
            raise ClientError(f"“{self.name}” cannot be the name of a file.")
        content, path = self.read(), Path(folder) / name
        path.write_bytes(content)
        return path


class Task:
    """What it says of itself (`state`, `report`, …) is as of the last look: `refresh`, `wait` and every act look."""

    def __init__(self, wire: Wire, raw: Raw) -> None:
        self._wire = wire
        self._raw = raw
        self._seen = 0

    def __repr__(self) -> str:
        return f"<Task {self.id} {self.state}: {self.goal[:60]!r}>"

    @property
    def id(self) -> int:
        return int(self._raw["id"])

    @property
    def state(self) -> str:
        """queued, working, waiting (for a person), paused, done, failed or stopped."""
        return str(self._raw["state"])

    @property
    def is_over(self) -> bool:
        return self.state in _OVER

    @property
    def goal(self) -> str:
        return str(self._raw["goal"])

    @property
    def report(self) -> str:
        """What it says it did, "" before its end. The receipts are the proof of it."""
        return str(self._raw["answer"])

    @property
    def note(self) -> str:
        """Why it waits, paused or failed."""
        return str(self._raw["note"])

    @property
    def plan(self) -> list[Step]:
        return [Step(title=one["title"], status=one["status"]) for one in self._in_full()["plan"]]

    @property
    def receipts(self) -> list[Receipt]:
        return [Receipt.of(one) for one in self._in_full()["receipts"]]

    @property
    def raw(self) -> Raw:
        """All that the server said."""
        return self._raw

    @property
    def checkpoint(self) -> Checkpoint | None:
        """What it waits for a person to decide, now."""
        waits_for = self.refresh()._raw.get("checkpoint")
        return Checkpoint.of(self._wire.get(f"{self._path}/checkpoints/{waits_for}")) if waits_for else None

    @property
    def deliverables(self) -> list[File]:
        """Of each name the newest."""
        found = self._wire.get(f"{self._path}/deliverables")["deliverables"]
        return [
            File(name=one["name"], title=one["title"], size=one["size"], url=one["url"], _wire=self._wire)
            for one in found
        ]

    def refresh(self) -> Task:
        self._raw = self._wire.get(self._path)
        return self

    def wait(self, timeout: float | None = None) -> Task:
        """Until it needs somebody (waiting, paused) or is over. Raises `TimeoutError` after so many seconds."""
        ends = None if timeout is None else clock() + timeout
        while self.refresh().state in _BUSY:
            self._until_it_turns(ends)
        return self

    def events(self, *, after: int = 0) -> Iterator[Event]:
        """Everything that was told of it, then what is told, to its end. A stream that is cut goes on by itself."""
        for one in self._wire.events(f"{self._path}/events", after):
            if one is not None:
                self._seen = int(one["id"])
                yield Event.of(one)

    def approve(self, *, checkpoint: Checkpoint | None = None, leave_out: Sequence[int] = ()) -> Task:
        """Exactly the actions that were shown run, but for the numbers that are left out.

        Pass the `checkpoint` that you looked at: what is asked meanwhile is then not approved unseen.
        """
        return self._decided("approve", checkpoint, leave_out=list(leave_out))

    def redirect(self, words: str, *, checkpoint: Checkpoint | None = None) -> Task:
        """Nothing of what is held runs; the task goes on with your words."""
        return self._decided("redirect", checkpoint, words=words)

    def answer(self, words: str, *, checkpoint: Checkpoint | None = None) -> Task:
        return self._decided("answer", checkpoint, words=words)

    def say(self, text: str) -> str:
        """As a reply in its thread: it steers, answers, or goes on with what is over. Returns how it was taken."""
        heard = self._wire.post(f"{self._path}/messages", {"text": text}, key=str(uuid4()))
        self.refresh()
        return str(heard["heard"])

    def stop(self) -> Task:
        return self._acted("stop")

    def retry(self) -> Task:
        """Go on after a pause or a failure, from where it was."""
        return self._acted("retry")

    def undo(self, *, round: int | None = None) -> Task:
        """Take back what the last round changed, or that one. What somebody changed since is left, and said."""
        return self._acted("undo", {} if round is None else {"round": round})

    def download(self, folder: str | Path = ".") -> list[Path]:
        """Every deliverable, into this folder."""
        return [one.save(folder) for one in self.deliverables]

    def audit(self) -> dict[str, Any]:
        """Who asked, who approved, which rule allowed it, what changed: the log's own words."""
        return dict(self._wire.get(f"{self._path}/audit"))

    @property
    def _path(self) -> str:
        return f"/api/v1/tasks/{self.id}"

    def _in_full(self) -> Raw:
        """What lists leave out."""
        return self._raw if "plan" in self._raw else self.refresh()._raw

    def _decided(self, decision: str, checkpoint: Checkpoint | None, **given: Any) -> Task:
        asked = checkpoint or self.checkpoint
        if asked is None:
            raise ClientError(f"Task {self.id} asks nothing now: it is {self.state}.")
        self._wire.post(f"{self._path}/checkpoints/{asked.id}", {"decision": decision, **given})
        return self.refresh()

    def _acted(self, verb: str, body: Raw | None = None) -> Task:
        self._wire.post(f"{self._path}/{verb}", body)
        return self.refresh()

    def _until_it_turns(self, ends: float | None) -> None:
        """Until something was told by which its state may be another one, or nothing was for a while: it may be a
        moment behind what is told of it.
        """
        for one in self._wire.events(f"{self._path}/events", self._seen, ends=ends):
            if one is None:
                return
            self._seen = int(one["id"])
            if one["type"] in _TURNS:
                return
            if ends is not None and clock() >= ends:
                break
        if ends is not None and clock() >= ends:
            raise TimeoutError(f"Task {self.id} is still {self.state}.")
