"""What goes wrong: drawn from dice, every few seconds something else."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable

from bot.emulator.server import LocalSlack
from bot.rehearsal import trouble
from bot.rehearsal.faults import Fault
from bot.rehearsal.server import ModelDouble
from tests.soak.fleet import Fleet
from tests.soak.folder_watch import FolderWatch
from tests.soak.postgres import Postgres

GAP = (1.0, 4.0)
PAUSE = (1.0, 8.0)
OUTAGE = (2.0, 8.0)
IN_THE_ACT = 5.0
METHODS = (
    "chat.postMessage",
    "chat.postMessage",
    "chat.update",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "conversations.replies",
    "conversations.history",
)


class Chaos:
    """One thread; nothing goes wrong any more once `stop` has returned."""

    def __init__(
        self,
        seed: int,
        *,
        fleet: Fleet,
        postgres: Postgres,
        slack: LocalSlack,
        model: ModelDouble,
        watch: FolderWatch,
        tally: Counter[str],
    ) -> None:
        self._chance = random.Random(f"chaos {seed}")
        self._fleet = fleet
        self._postgres = postgres
        self._slack = slack
        self._model = model
        self._watch = watch
        self._tally = tally
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chaos", daemon=True)
        self._acts: dict[Callable[[], None], int] = {
            self._kill: 30,
            self._kill_in_the_act: 8,
            self._pause: 18,
            self._terminate: 6,
            self._cut: 6,
            self._restart: 3,
            self._database_out: 2,
            self._model_out: 7,
            self._model_stumbles: 10,
            self._slack_fails: 12,
            self._answers_lost: 8,
            self._sockets: 4,
            self._deliveries: 6,
        }

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Everything works again: the paused go on, the faults that were ordered are taken back."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(60)
        self._fleet.wake_all()
        self._slack.control.clear()
        self._model.faults.always = None

    def _run(self) -> None:
        acts, weights = list(self._acts), list(self._acts.values())
        while not self._stopping.wait(self._chance.uniform(*GAP)):
            [act] = self._chance.choices(acts, weights)
            try:
                act()
            except Exception as error:  # noqa: BLE001 - one that comes to nothing is not the end of it
                self._count(f"came to nothing: {type(error).__name__}")

    def _kill(self) -> None:
        self._count(f"killed (SIGKILL): {self._fleet.kill(self._chance)}")

    def _kill_in_the_act(self) -> None:
        """At the moment when something happens in a folder: then the journal does not know of it yet."""
        self._watch.wait_for_next(IN_THE_ACT)
        self._count("killed (SIGKILL): all workers, in the act", self._fleet.kill_all("worker"))

    def _pause(self) -> None:
        seconds = self._chance.uniform(*PAUSE)
        self._count(f"paused (SIGSTOP): {self._fleet.pause(self._chance, seconds)}")

    def _terminate(self) -> None:
        self._count(f"asked to end (SIGTERM): {self._fleet.terminate(self._chance)}")

    def _cut(self) -> None:
        self._postgres.cut(self._chance.randint(1, 20))
        self._count("database: connections cut")

    def _restart(self) -> None:
        self._postgres.restart(self._chance.choice(["immediate", "fast"]))
        self._count("database: restarted")

    def _database_out(self) -> None:
        self._postgres.stop(self._chance.choice(["immediate", "fast"]))
        try:
            self._stopping.wait(self._chance.uniform(*OUTAGE))
        finally:
            self._postgres.start()
        self._count("database: away for seconds")

    def _model_out(self) -> None:
        self._model.faults.always = self._chance.choice([trouble.overloaded(), trouble.server_error()])
        self._stopping.wait(self._chance.uniform(*OUTAGE))
        self._model.faults.always = None
        self._count("model: away for seconds")

    def _model_stumbles(self) -> None:
        faults = [self._stumble() for _ in range(self._chance.randint(1, 6))]
        self._model.faults.next(*faults)
        self._count("model: answers spoilt", len(faults))

    def _stumble(self) -> Fault:
        after = self._chance.randint(1, 8)
        return self._chance.choice(
            [
                trouble.dropped(after),
                trouble.reset(after),
                trouble.reset(),
                trouble.cut_short(after),
                trouble.error_event(after),
                trouble.empty_body(),
                trouble.overloaded(),
                trouble.server_error(),
                trouble.rate_limited("1"),
            ]
        )

    def _slack_fails(self) -> None:
        method, times = self._chance.choice(METHODS), self._chance.randint(1, 5)
        if self._chance.random() < 0.5:
            wait = self._chance.randint(1, 4)
            self._slack.control.fail_next(method, status=429, retry_after=wait, times=times)
            self._count("Slack: calls answered with 429", times)
        else:
            self._slack.control.fail_next(method, status=500, times=times)
            self._count("Slack: calls answered with 500", times)

    def _answers_lost(self) -> None:
        method, times = self._chance.choice(METHODS), self._chance.randint(1, 3)
        if self._chance.random() < 0.7:
            self._slack.control.lose_answer(method, times)
            self._count("Slack: done, but the answer lost", times)
        else:
            self._slack.control.drop_call(method, times)
            self._count("Slack: calls lost on their way", times)

    def _sockets(self) -> None:
        if self._chance.random() < 0.5:
            self._slack.control.kill_sockets()
        else:
            self._slack.control.refresh_sockets()
        self._count("Slack: sockets dropped")

    def _deliveries(self) -> None:
        if self._chance.random() < 0.5:
            self._slack.control.duplicate_next_event(self._chance.randint(1, 3))
            self._count("Slack: deliveries made twice")
        else:
            self._slack.control.drop_ack(self._chance.randint(1, 2))
            self._count("Slack: acknowledgements lost")

    def _count(self, what: str, times: int = 1) -> None:
        self._tally[what] += times
