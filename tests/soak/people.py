"""Three people who keep asking, answer what they are asked, change their minds, and press buttons twice."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bot.agent.settling import HAPPENED, RUN_AGAIN
from bot.emulator.wire import SlackError
from bot.errors import DatabaseOut
from bot.slack.views import checkpoint, pieces, texts
from bot.slack.views.card import TASK_RETRY, TASK_STOP
from bot.store import approvals
from tests.soak import script
from tests.soak.world import Errand, Message, Row, World, buttons

NAMES = ("ana", "ben", "mia")
TEMPERS = {
    "plain": 52,
    "twice": 16,
    "redirect": 8,
    "stop by word": 4,
    "stop at the checkpoint": 4,
    "stop on the card": 4,
    "interject": 6,
    "follow up": 6,
}
THINKING = (1.0, 4.0)
PATIENCE = 60.0
"""Words that had no effect for so long were lost on their way: then the person presses the button."""
UNHEARD = 100.0
"""Slack has given up delivering a goal by then."""
TAKEN = 30.0
SETTLED = 30.0
"""Long enough for whatever is still under way in a paused process to have shown itself."""
HANDS = 16
MOST_RETRIES = 6


class People:
    """`most` errands are open at a time, until `are_closing`: then only those that are open go on."""

    def __init__(self, world: World, *, seed: int, most: int) -> None:
        self._world = world
        self._chance = random.Random(f"people {seed}")
        self._most = most
        self._persons = [world.slack.person(name) for name in NAMES]
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="hand")
        self._count = 0
        self._oldest = 0
        self.open: list[Errand] = []
        self.are_closing = False

    def close(self) -> None:
        self._hands.shutdown(wait=True, cancel_futures=True)

    def look(self) -> list[Errand]:
        """Everyone looks once. Gives the errands that are over and have settled."""
        while len(self.open) < self._most and not self.are_closing:
            self._ask()
        try:
            rows = self._world.rows(self._oldest)
        except DatabaseOut:
            return []
        self._hear_of_deliveries()
        for errand in list(self.open):
            errand.row = rows.get(errand.name) or errand.row
            if errand.row is None:
                self._wait_for_task(errand)
            else:
                self._see_to(errand, errand.row)
        return [errand for errand in self.open if self._has_settled(errand)]

    def is_done_with(self, errand: Errand) -> None:
        self.open.remove(errand)
        self._world.watch.end(errand.name)
        self._world.mind.forget(errand.name)
        shutil.rmtree(errand.folder, ignore_errors=True)
        ids = [one.row.id for one in self.open if one.row is not None]
        if len(ids) == len(self.open) and ids:
            self._oldest = min(ids) - 1

    def _ask(self) -> None:
        self._count += 1
        name = f"t-{self._count:05d}"
        folder = self._world.root / name
        script.furnish(folder)
        self._world.watch.begin(folder, script.SUBFOLDER)
        [temper] = self._chance.choices(list(TEMPERS), list(TEMPERS.values()))
        errand = Errand(
            name=name,
            kind=self._chance.choice(script.KINDS),
            who=self._chance.choice(self._persons),
            via=self._chance.choice(["mention", "mention", "command"]),
            temper=temper,
            folder=folder,
            asked_at=time.monotonic(),
        )
        self.open.append(errand)
        self._do(errand, partial(self._asked, errand))

    def _asked(self, errand: Errand) -> None:
        goal = script.goal(errand.kind, errand.name)
        if errand.via == "mention":
            said = errand.who.say(self._world.channel, f"@cowork {goal}")
            errand.thread = said["ts"]
            return
        try:
            errand.who.command(self._world.channel, f"/cowork {goal}")
        except SlackError:
            errand.is_failed = True
            raise
        errand.is_taken = time.monotonic()

    def _hear_of_deliveries(self) -> None:
        """Which goals Slack saw acknowledged."""
        waiting = {
            one.thread: one for one in self.open if one.row is None and one.thread and not one.is_taken
        }
        if not waiting:
            return
        for entry in self._world.slack.log(name="events_api app_mention", kind="delivery"):
            errand = waiting.get(entry.request["payload"]["event"]["ts"])
            if errand is not None and entry.ok:
                errand.is_taken = errand.is_taken or time.monotonic()

    def _wait_for_task(self, errand: Errand) -> None:
        now = time.monotonic()
        if errand.is_taken and not errand.is_failed and now - errand.is_taken > TAKEN:
            if self._was_told_no(errand):
                errand.is_failed = True
            else:
                self._world.faults.append(f"{errand.name}: its goal was acknowledged, and there is no task")
                self.is_done_with(errand)
        elif now - errand.asked_at > UNHEARD:
            what = "told that it failed" if errand.is_failed else "given up by Slack"
            self._world.tally[f"goals that came to nothing: {what}"] += 1
            self.is_done_with(errand)

    def _was_told_no(self, errand: Errand) -> bool:
        """A command is always acknowledged; a whisper says when its goal could not be written down."""
        ws = self._world.slack.workspace
        with ws.lock:
            whispers = [one["text"] for one in ws.ephemerals.values() if one["to"] == errand.who.id]
        refusals = [texts.said(words).text for words in (texts.NOT_WRITTEN, texts.TROUBLE)]
        return errand.via == "command" and any(said in refusals for said in whispers)

    def _see_to(self, errand: Errand, row: Row) -> None:
        errand.thread = errand.thread or row.thread or ""
        now = time.monotonic()
        if errand.is_busy or now < errand.next_at or not errand.thread:
            return
        messages = self._world.thread(errand.thread)
        act = self._next_act(errand, row, messages)
        if act is not None:
            self._do(errand, act)

    def _next_act(self, errand: Errand, row: Row, messages: Iterable[Message]) -> Callable[[], None] | None:
        for message in messages:
            shown = buttons(message)
            if HAPPENED in shown:
                return partial(self._answer_truly, errand, message)
            if pieces.APPROVE in shown:
                return self._decision(errand, message)
            if shown.keys() == {pieces.STOP} and script.QUESTION in message["text"]:
                return partial(self._say, errand, "That of the task.", again=PATIENCE)
            if pieces.RETRY in shown and self._is_tired_of(errand, row):
                return partial(self._press, errand, message, TASK_RETRY)
            if pieces.STOP in shown and self._has_had_enough(errand, row):
                return partial(self._press, errand, message, TASK_STOP)
        return self._words(errand, row)

    def _words(self, errand: Errand, row: Row) -> Callable[[], None] | None:
        """What nobody asked them."""
        is_told = row.state == "done" and not row.unsent
        for temper, is_time, words in (
            ("interject", row.state == "working", "Mention the date, too."),
            ("follow up", is_told, "Is it all in there?"),
        ):
            if errand.temper == temper and is_time and words not in errand.said:
                return partial(self._say, errand, words)
        return None

    def _decision(self, errand: Errand, message: Message) -> Callable[[], None]:
        since = errand.said.setdefault(f"asked {message['ts']}", time.monotonic())
        is_late = time.monotonic() - since > PATIENCE or errand.said.get("words", since) < since
        match errand.temper:
            case "redirect" if not is_late:
                return partial(self._say, errand, "Leave those alone and go on with the rest.")
            case "stop by word" if not is_late:
                return partial(self._say, errand, "stop")
            case "stop at the checkpoint":
                return partial(self._press, errand, message, checkpoint.APPROVAL_STOP)
            case "twice":
                return partial(self._press_twice, errand, message)
            case _:
                return partial(self._press, errand, message, checkpoint.APPROVAL_APPROVE)

    def _is_tired_of(self, errand: Errand, row: Row) -> bool:
        """Paused: some press Retry after a while. Failed: all do, until it is plain that it is of no use."""
        if row.state == "failed":
            if f"failed {row.round}" not in errand.said:
                errand.said[f"failed {row.round}"] = time.monotonic()
                self._world.noticed[f"a task failed: {_plain(row.note)}"] += 1
            return not row.unsent and errand.retries < MOST_RETRIES
        waited = time.monotonic() - errand.said.setdefault(f"paused {row.round}", time.monotonic())
        return row.state == "paused" and waited > (3.0 if self.are_closing else 20.0)

    def _has_had_enough(self, errand: Errand, row: Row) -> bool:
        """Seconds after it began, whatever it is doing then."""
        watched = time.monotonic() - errand.said.setdefault("seen", time.monotonic())
        return errand.temper == "stop on the card" and not row.is_over and watched > 5

    def _answer_truly(self, errand: Errand, message: Message) -> None:
        """They look into the folder."""
        _, approval_id = buttons(message)[HAPPENED]
        with self._world.database.read() as session:
            approval = approvals.get(session, approval_id)
        if approval is None or not approval.is_pending:
            return
        call = approval.draft.actions[0].call
        happened = self._world.watch.happened(errand.name)
        did = all(happened[one] for one in script.effects(call.tool, call.input, errand.folder))
        label = HAPPENED if did else RUN_AGAIN
        self._world.tally[f"pressed “{label}”"] += 1
        self._press(errand, message, buttons(message)[label][0])
        errand.next_at = time.monotonic() + 5

    def _press(self, errand: Errand, message: Message, action: str) -> None:
        if action == TASK_RETRY:
            errand.retries += 1
            errand.said.pop(f"paused {errand.row.round if errand.row else 0}", None)
        errand.who.press(message, action)

    def _press_twice(self, errand: Errand, message: Message) -> None:
        """So impatient that the second is on its way before the first has come to anything."""
        second = self._hands.submit(self._press, errand, message, checkpoint.APPROVAL_APPROVE)
        self._press(errand, message, checkpoint.APPROVAL_APPROVE)
        second.exception(10)
        self._world.tally["approved twice"] += 1

    def _say(self, errand: Errand, words: str, *, again: float = 0.0) -> None:
        """Slack keeps words and delivers them when it can: they are said once, or after a long time again."""
        last = errand.said.get(words)
        if last is not None and (not again or time.monotonic() - last < again):
            return
        errand.said[words] = errand.said["words"] = time.monotonic()
        self._world.tally["words in a thread"] += 1
        errand.who.say(self._world.channel, words, thread_ts=errand.thread)

    def _do(self, errand: Errand, act: Callable[[], None]) -> None:
        errand.is_busy = True
        pause = self._chance.uniform(*THINKING)
        self._hands.submit(self._done, errand, act, pause)

    def _done(self, errand: Errand, act: Callable[[], None], pause: float) -> None:
        try:
            act()
        except (SlackError, DatabaseOut, StopIteration, TimeoutError):
            self._world.tally["gestures that failed"] += 1
        except Exception as error:  # noqa: BLE001 - a person who stumbles gets up again
            self._world.noticed[f"a person stumbled: {error!r}"] += 1
        finally:
            errand.next_at = max(errand.next_at, time.monotonic() + pause)
            errand.is_busy = False

    def _has_settled(self, errand: Errand) -> bool:
        """Its task is over, all is told, and nothing that anybody did can still have an effect."""
        row, now = errand.row, time.monotonic()
        if errand not in self.open or row is None or errand.is_busy or not row.is_over or row.unsent:
            errand.over_at = 0.0
            return False
        if row.state == "failed" and errand.retries < MOST_RETRIES:
            return False
        errand.over_at = errand.over_at or now
        return now - errand.over_at > SETTLED and now - errand.said.get("words", 0.0) > PATIENCE


def _plain(note: str) -> str:
    """Without what differs from one to the next."""
    return "".join("#" if letter.isdigit() else letter for letter in note)[:160]
