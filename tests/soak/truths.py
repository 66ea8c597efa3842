"""What must be true of a task of the soak once it is over and has settled, and of everything together at the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import text

from bot.audit import chain
from bot.domain.approval import Approval, ApprovalKind
from bot.domain.event import News
from bot.store import approvals, calls, entries, messages
from bot.store.calls import CallState, Entry
from bot.store.entries import Entry as Line
from tests.soak import script
from tests.soak.script import digest
from tests.soak.world import Errand, World, buttons, key_of

_OPEN = text("SELECT count(*) FROM task WHERE state NOT IN ('done', 'stopped', 'failed')")
_UNSENT = text("SELECT count(*) FROM outbox WHERE wanted > sent AND blocked = ''")
_BLOCKED = text("SELECT count(*) FROM outbox WHERE blocked <> ''")


@dataclass(kw_only=True)
class Checked:
    """`faults` is every way in which it is not as it must be; `lost` and `doubled` count effects and messages."""

    faults: list[str] = field(default_factory=list)
    state: str = ""
    effects: int = 0
    posts: int = 0
    questions: int = 0
    lost: int = 0
    doubled: int = 0
    rounds: int = 0


def of_errand(world: World, errand: Errand) -> Checked:
    """Raises `DatabaseOut`."""
    assert errand.row is not None
    task_id = errand.row.id
    with world.database.read() as session:
        made = calls.of_task(session, task_id)
        asked = approvals.of_task(session, task_id)
        history = messages.of_task(session, task_id)
    checked = Checked(
        state=errand.row.state,
        rounds=errand.row.round,
        questions=sum(one.draft.kind is ApprovalKind.OUTCOME for one in asked),
    )
    _check_folder(world, errand, made, checked)
    _check_thread(world, errand, made, asked, checked)
    checked.faults += _of_calls(errand, made, asked)
    said = [digest({"role": one.role, "content": json.loads(one.content)}) for one in history]
    told = world.mind.told(errand.name)
    if told != said[: len(told)]:
        checked.faults.append("the journal has another history than the model was told")
    checked.faults = [f"{errand.name} (task {task_id}, {errand.temper}): {fault}" for fault in checked.faults]
    return checked


def of_all(world: World) -> Iterator[str]:
    """The whole database, and the folders."""
    with world.database.read() as session:
        for what, query in (("tasks are open", _OPEN), ("messages unsent", _UNSENT), ("refused", _BLOCKED)):
            if count := session.execute(query).scalar_one():
                yield f"at the end {count} {what}"
        told: Counter[tuple[str, str]] = Counter()
        verified = chain.verify(_counted(entries.all_of(session), told))
    if not isinstance(verified, chain.Whole):
        yield f"the audit chain is broken: {verified}"
    else:
        world.tally["audit: entries in one whole chain"] = verified.count
    if twice := [key for key, count in told.items() if count > 1]:
        yield f"in the audit log more than once: {twice[:5]} and {max(0, len(twice) - 5)} more"
    if left := sorted(one.name for one in world.root.iterdir()):
        yield f"folders of tasks that were over have come back: {left[:5]}"
    if world.mind.unlike:
        yield f"the model was told another history than before: {world.mind.unlike[:5]}"


def _check_folder(world: World, errand: Errand, made: list[Entry], checked: Checked) -> None:
    must, may = _effects(errand, made)
    happened = world.watch.happened(errand.name)
    lost, doubled = must - happened, happened - must - may
    checked.effects, checked.lost, checked.doubled = happened.total(), lost.total(), doubled.total()
    if lost:
        checked.faults.append(f"said to be done, and it is not: {dict(lost)}")
    if doubled:
        checked.faults.append(f"happened, and the journal does not say so: {dict(doubled)}")
    if more := [name for name, count in happened.items() if count > 1]:
        checked.faults.append(f"happened more than once: {more}")


def _effects(errand: Errand, made: list[Entry]) -> tuple[Counter[str], Counter[str]]:
    """What the journal says was done, and what it says nobody knows of."""
    must: Counter[str] = Counter()
    may: Counter[str] = Counter()
    for entry in made:
        done = script.effects(entry.call.tool, entry.call.input, errand.folder)
        if entry.state is CallState.ANSWERED and not entry.is_error:
            must.update(done)
        elif entry.begun_at is not None and entry.state is not CallState.ANSWERED:
            may.update(done)
    return must, may


def _of_calls(errand: Errand, made: list[Entry], asked: list[Approval]) -> Iterator[str]:
    over = {entry.call.id for entry in made if entry.state.has_answer}
    if open_ := [one.preview for one in made if not one.state.has_answer and one.batch not in over]:
        yield f"calls without an answer: {open_}"
    redirected = {one.draft.call_id for one in asked if one.state not in ("approved", "answered")}
    if failed := [
        f"{one.preview}: {one.text}" for one in made if _has_failed(one) and one.call.id not in redirected
    ]:
        yield f"calls that failed: {failed}"
    if pending := [one.draft.title for one in asked if one.is_pending]:
        yield f"still asked: {pending}"
    row = errand.row
    wanted = [block for turn in script.turns(errand.kind, errand.folder) for block in turn.content]
    tools = [block["name"] for block in wanted if block["type"] == "tool_use"]
    if row is not None and row.state == "done" and [one.call.tool for one in made if not one.batch] != tools:
        yield f"it made the calls {[one.call.tool for one in made if not one.batch]}"
    if row is not None and row.state == "failed":
        yield f"it failed again and again: {row.note}"


def _has_failed(entry: Entry) -> bool:
    return entry.is_error and entry.state is CallState.ANSWERED


def _check_thread(
    world: World, errand: Errand, made: list[Entry], asked: list[Approval], checked: Checked
) -> None:
    assert errand.row is not None
    found = world.thread(errand.thread)
    stands = Counter(key_of(message) for message in found)
    task_id, last = errand.row.id, errand.row.round
    wanted = Counter(
        [f"card:{task_id}", f"result:{task_id}:{last}", *(f"approval:{one.id}" for one in asked)]
    )
    wanted["file"] = sum(entry.deliverable is not None for entry in made)
    earlier = Counter(f"result:{task_id}:{number}" for number in range(1, last))
    lost, more = wanted - stands, stands - wanted - earlier
    del more[""]
    checked.posts = len(found)
    checked.lost += lost.total()
    checked.doubled += more.total()
    if lost:
        checked.faults.append(f"not in the thread: {dict(lost)}")
    if more:
        checked.faults.append(f"too much in the thread: {dict(more)}")
    if superseded := (earlier - stands).total():
        world.tally["results of an earlier round that a later one overtook"] += superseded
    if asking := [one["text"] for one in found if key_of(one).startswith("approval") and buttons(one)]:
        checked.faults.append(f"buttons are left on {asking}")


def _counted(lines: Iterator[Line], told: Counter[tuple[str, str]]) -> Iterator[Line]:
    """How often the log has which news of which call. One that was begun and did not happen is begun again."""
    for line in lines:
        data = json.loads(line.data)
        about = data.get("call") or data.get("approval")
        if about and line.action != News.CALLING:
            told[f"{line.task_id} {line.action}", str(about)] += 1
        yield line
