"""A process of a fleet stands still, is taken for dead, and wakes up: what it was about to do does not happen twice."""

from __future__ import annotations

import signal

import pytest

from tests.fleet.staff import faults, questions, recorded
from tests.kill.fleet import LONG_BEING_SENT
from tests.kill.member import Strike
from tests.kill.stories import TIDY
from tests.kill.victim import Crossed

WORKERS = ("worker-1", "worker-2")


def pause(point, stretch=1, number=1):
    return Strike(at=Crossed(point=point, stretch=stretch, number=number), signal=signal.SIGSTOP)


@pytest.mark.parametrize(
    "strike",
    [
        pause("task.claim.done"),
        pause("model.turn.done"),
        pause("tool.write_file"),
        pause("journal.begin.done", 3),
        pause("tool.move_file", 3),
        pause("file.move", 3),
        pause("tool.move_file.done", 3),
    ],
    ids=lambda strike: str(strike.at),
)
def test_a_worker_that_stood_still_is_locked_out_and_changes_nothing_any_more(new_staff, strike):
    staff = new_staff(TIDY)
    staff.start("web-1")
    staff.start(*WORKERS, strike=strike)

    staff.until(staff.paused)
    sleeper = staff.paused()
    staff.until(staff.is_over)
    staff.go_on(sleeper)
    staff.until(lambda: "another worker's" in staff.log())
    staff.signal(sleeper, signal.SIGTERM)

    assert staff.ended(sleeper) == 0
    assert faults(staff.world) == []
    assert questions(staff.world) == 0


def test_a_file_that_a_standing_worker_was_about_to_put_in_its_place_is_not_put_there_any_more(new_staff):
    """It holds the file's stage: the other worker's model hears that somebody is writing it."""
    staff = new_staff(TIDY)
    staff.start("web-1")
    staff.start(*WORKERS, strike=pause("file.publish"))
    staff.until(staff.paused)
    sleeper = staff.paused()
    staff.until(lambda: staff.world.kinds()["result"])
    staff.go_on(sleeper)
    staff.until(lambda: "another worker's" in staff.log())

    assert not staff.world.folder_log.happened["+report.md"]
    assert any("being written by someone else" in entry.text for entry in recorded(staff.world).calls)


def test_a_worker_that_stands_still_in_a_transaction_holds_nobody_up_for_long(new_staff):
    """PostgreSQL ends what is idle in a transaction after ten seconds."""
    staff = new_staff(TIDY)
    staff.start("web-1")
    staff.start(*WORKERS, strike=pause("journal.record"))

    staff.until(staff.paused)
    sleeper = staff.paused()
    staff.until(staff.is_over)
    staff.go_on(sleeper)

    staff.signal(sleeper, signal.SIGTERM)
    assert staff.ended(sleeper) == 0
    assert faults(staff.world) == []


@pytest.mark.parametrize("number", [1, 2, 4], ids=["the card", "the checkpoint", "the result"])
def test_a_front_that_stood_still_right_before_it_posted_posts_in_vain(new_staff, number):
    staff = new_staff(TIDY)
    staff.start("web-1", strike=pause("slack.chat.postMessage", number=number))
    staff.start(*WORKERS)
    staff.until(staff.paused)

    staff.start("web-2")
    staff.passes(LONG_BEING_SENT)
    staff.until(staff.is_over)
    staff.go_on("web-1")
    staff.until(lambda: "had been posted twice" in staff.log())
    staff.until(lambda: faults(staff.world) == [])
