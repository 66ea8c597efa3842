"""A process of a fleet stands still, is taken for dead, and wakes up: what it was about to do does not happen twice."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.fleet.staff import Staff, faults, questions, recorded
from tests.kill.fleet import FRONT, LONG_BEING_SENT, WORKER
from tests.kill.member import Crossed, Strike
from tests.kill.stories import TIDY
from tests.kill.world import World
from tests.store import databases

WORKERS = ("worker-1", "worker-2")


def pause(point, stretch=1, number=1, verb=WORKER):
    at = Crossed(verb=verb, point=point, stretch=stretch, number=number)
    return Strike(at=at, signal=signal.SIGSTOP)


LOCKED_OUT = [
    pause("task.claim.done"),
    pause("model.turn.done"),
    pause("tool.write_file"),
    pause("journal.begin.done", 3),
    pause("tool.move_file", 3),
    pause("file.move", 3),
    pause("tool.move_file.done", 3),
]
IN_VAIN = [  # the card, the checkpoint, the result
    pause("slack.chat.postMessage", number=1, verb=FRONT),
    pause("slack.chat.postMessage", number=2, verb=FRONT),
    pause("slack.chat.postMessage", number=4, verb=FRONT),
]


def test_a_worker_that_stood_still_is_locked_out_and_changes_nothing_any_more(play):
    play(locked_out, LOCKED_OUT)


def locked_out(staff, strike):
    sleeper = another_worker_ends_it(staff, strike)
    staff.go_on(sleeper)
    staff.until(lambda: "another worker's" in staff.log())
    staff.signal(sleeper, signal.SIGTERM)

    assert staff.ended(sleeper) == 0
    assert faults(staff.world) == []
    assert questions(staff.world) == 0


def test_a_file_that_a_standing_worker_was_about_to_put_in_its_place_is_not_put_there_any_more(play):
    """It holds the file's stage: the other worker's model hears that somebody is writing it."""
    play(not_put_in_its_place, [pause("file.publish")])


def not_put_in_its_place(staff, strike):
    staff.start("web-1")
    staff.start(*WORKERS, strike=strike)
    staff.until(staff.paused)
    sleeper = staff.paused()
    staff.until(lambda: staff.world.kinds()["result"])
    staff.go_on(sleeper)
    staff.until(lambda: "another worker's" in staff.log())

    assert not staff.world.folder_log.happened["+report.md"]
    assert any("being written by someone else" in entry.text for entry in recorded(staff.world).calls)


def test_a_worker_that_stands_still_in_a_transaction_holds_nobody_up_for_long(play):
    """PostgreSQL ends what is idle in a transaction after ten seconds."""
    play(held_up_for_a_while, [pause("journal.record")])


def held_up_for_a_while(staff, strike):
    sleeper = another_worker_ends_it(staff, strike)
    staff.go_on(sleeper)

    staff.signal(sleeper, signal.SIGTERM)
    assert staff.ended(sleeper) == 0
    assert faults(staff.world) == []


def test_a_front_that_stood_still_right_before_it_posted_posts_in_vain(play):
    play(posted_in_vain, IN_VAIN)


def posted_in_vain(staff, strike):
    staff.start("web-1", strike=strike)
    staff.start(*WORKERS)
    staff.until(staff.paused)

    def is_over():
        """A new front ends where it cannot take its seat: the standing one may do so in a transaction of its own."""
        staff.keep_up("web-2")
        return staff.is_over()

    staff.start("web-2")
    staff.passes(LONG_BEING_SENT)
    staff.until(is_over)
    staff.go_on("web-1")
    staff.until(lambda: "had been posted twice" in staff.log())
    staff.until(lambda: faults(staff.world) == [])


def another_worker_ends_it(staff, strike):
    """Who it was that stood still."""
    staff.start("web-1")
    staff.start(*WORKERS, strike=strike)
    staff.until(staff.paused)
    sleeper = staff.paused()
    staff.until(staff.is_over)
    return sleeper


@pytest.fixture
def play(tmp_path):
    """The same story once for each strike, side by side: they wait more than they work."""

    def once(story, strike, url):
        place = tmp_path / str(strike.at).replace(" ", "-")
        place.mkdir()
        with ExitStack() as stack:
            stack.callback(databases.drop_postgres, url)
            world = stack.enter_context(World(place, TIDY, database_url=url))
            story(stack.enter_context(Staff(world)), strike)

    def played(story, strikes):
        urls = [databases.migrated_postgres().render_as_string(hide_password=False) for _ in strikes]
        with ThreadPoolExecutor(len(strikes)) as pool:
            for over in [pool.submit(once, story, *one) for one in zip(strikes, urls, strict=True)]:
                over.result()

    return played
