"""Kill the processes at every point where something outlives them: nothing is lost, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.kill import campaign, names
from tests.kill.campaign import Campaign
from tests.kill.fleet import FleetLives
from tests.kill.stage import Stage
from tests.kill.stories import STORIES
from tests.store import databases

OUT_OF_REACH = {
    "doctor.try": "`cowork doctor` writes it to see whether it can, and takes it back in the same transaction",
    "terminal.resume": "a task of the terminal is its process's, and `cowork run --task` is this very write (0003)",
    "secrets.keep": "of an operator: one unit of its own",
    "secrets.forget": "of an operator: one unit of its own",
    "secrets.rotate": "of an operator: one unit, all or none (tests/store/test_vault.py)",
    "token.make": "of a person: one unit of its own; what was not shown is revoked, and made again",
    "token.revoke": "of a person: one unit of its own",
    "token.use": "no story has a program: it says that a token was used within this hour",
    "audit.prune": "of an operator, or once in hours: one unit; cut off and told of in tests/store/test_audit.py",
    "restore.settle": "of an operator; killed in test_restore.py",
    "intake.pass_over": "of words in a thread that has no goal: there is no task to lose",
    "early.give_up": "of words to a goal that never came: there is no task to lose",
    "early.given_up": "of words to a goal that never came: there is no task to lose",
    "overdue.tell": "of a request that nobody answered for hours; killed before and after it in test_overdue.py",
    "crew.change": "no story adds a helper; killed before and after it in test_crew.py",
    "crew.offered": "no story hands a task over; killed before and after it in test_crew.py",
    "crew.answer": "no story has an onlooker; killed before and after it in test_crew.py",
    "outbox.set_apart": "no story reads what is private; killed before and after it in tests/slack/test_apart.py",
    "outbox.not_shared": "of what Slack did not take: the requester is told in the same unit (test_apart.py)",
    "share.post": "no story has anything private to share; killed before and after it in tests/slack/test_apart.py",
    "intake.undo": "no story takes anything back; killed before and after every write of one in test_undo.py",
    "intake.edit": "no story edits an action; killed before and after every write around one in test_edit_crashes.py",
    "file.put_back": "likewise; killed before and after it in tests/tools/test_undo.py",
    "early.forget": "of words to a goal that never came: there is no task to lose",
    "intake.begun_by": "it reads only, under the lock of what waits for its goal",
    "brief.inspected": "of a task without the file it was asked for; killed before and after it in test_brief.py",
    "intake.withdraw": "no story withdraws a kind of call; it is one conditional update (test_kinds.py)",
    "welcome.begin": "of a choice of what the Home tab shows: one unit, and no task hangs on it",
    "plugin.choose": "no story installs a plugin; killed before and after it in test_plugging.py",
    "connector.approve": "of the operator: one unit of its own",
    "connector.try": "of what somebody tests: it is tested again",
    "connector.choose": "no story sets up a connector: one unit (tests/engine/test_connectors.py)",
    "connector.see": "it writes down what a server was seen to offer, which the next look sees again",
    "connection.keep": "no story connects a service: one unit, of what somebody typed or signed in to",
    "connection.forget": "no story connects a service: one unit",
    "connection.revoked": "no story connects a service: what came of it at its server, told once it is over",
    "connection.check": "no story connects a service: it writes down what a look showed",
    "connection.claim": "no story connects a service: a lease that runs out (tests/services)",
    "connection.renew": "no story connects a service: the new pair, before it is used (tests/services)",
    "connection.let_go": "no story connects a service: a lease given back, which would run out",
    "connection.died": "no story connects a service: one conditional update of what the next call would find, too",
    "connection.end_early": "no story connects a service: likewise",
    "link.make": "no story connects a service: a link that was not made is asked for again",
    "link.code": "no story connects a service: of a link; likewise",
    "link.try": "no story connects a service: of a link; likewise",
    "link.send": "no story connects a service: of a link; likewise",
    "link.back": "no story connects a service: it uses a link up, and another is asked for",
    "link.know": "no story connects a service: of a link; likewise",
    "link.close": "no story connects a service: of a link; likewise",
    "sign_in.*": "no story connects a service",
    "sign_in.with_slack": "no story connects a service",
    "check.*": "no story connects a service: it only reads there",
    "outbox.redraw": "of a card whose task works on for seconds, or that another sent meanwhile: by chance",
    "webhook.make": "no story has a webhook: one unit, and made again with the same key it is the same",
    "webhook.remove": "no story has a webhook: one unit",
    "webhook.claim": "no story has a webhook; killed before and after it in tests/engine/test_webhooks.py",
    "webhook.post": "no story has a webhook; likewise",
    "webhook.settle": "no story has a webhook; likewise",
    "progress.tell": "no story has a connector: news that the next replaces",
    "sampling.reserve": "no story has a connector; what a dead process held is free again (test_sampling.py)",
    "sampling.settle": "no story has a connector; likewise",
    "model.sampling": "no story has a connector: it is never made again by us",
    "journal.reserve": "of a task whose budget was used up as it was claimed; killed in test_budget_law.py",
    "journal.take_back": "only a worker that stood still, or is asked to end, takes a call back (tests/fleet)",
}
"""Why no story gets there."""

OF_A_FLEET = {
    "fleet.beat": "there is one process",
    "fleet.end": "there is one process",
    "fleet.leave": "there is one process",
    "fleet.seat": "there is one process",
    "fleet.sweep": "there is one process",
    "task.pass_on": "there is one process",
}
OF_ONE_PROCESS = {
    "worker.start": "a fleet takes back what has run out, and not all at a start",
    "fleet.end": "of a stop that a dead worker had not carried out: by chance, as it mostly had, or had not heard",
    "outage.over": "of a worker that saw the outage; another may be the first to see its end",
    "fleet.leave": "of a process that was asked to end; unsaid, its seats run out by themselves",
    "task.pass_on": "of a process that was asked to end; unsaid, the sweep hints again",
}


@pytest.mark.timeout(1800)
def test_wherever_the_process_is_killed_nothing_is_lost_and_nothing_happens_twice(
    tmp_path: Path, say: Callable[[str], None]
) -> None:
    stage = Stage(tmp_path, databases.sqlite_url, side_by_side=4)

    waged = campaign.waged(stage, STORIES)

    for line in waged.summary("sqlite"):
        say(line)
    assert_all_is_well(waged, OUT_OF_REACH | OF_A_FLEET)


@pytest.mark.timeout(3600)
def test_whoever_of_a_fleet_is_killed_wherever_nothing_is_lost_and_nothing_happens_twice(
    tmp_path: Path, say: Callable[[str], None]
) -> None:
    stage = Stage(tmp_path, _postgres, side_by_side=5, lives=FleetLives)

    waged = campaign.waged(stage, STORIES)

    for line in waged.summary("postgresql, one front and two workers"):
        say(line)
    assert_all_is_well(waged, OUT_OF_REACH | OF_ONE_PROCESS)


def test_what_no_story_reaches_is_still_in_the_source() -> None:
    assert {*OUT_OF_REACH, *OF_A_FLEET, *OF_ONE_PROCESS} <= names.in_source()


def assert_all_is_well(waged: Campaign, out_of_reach: Mapping[str, str]) -> None:
    if faulty := [str(one) for one in waged.played if one.faults]:
        pytest.fail("\n".join(faulty), pytrace=False)
    assert names.without(names.in_source(), waged.reached) <= out_of_reach.keys(), (
        "a write that nobody is killed at"
    )
    assert len(waged.points) > 9 * len(waged.by_chance), "most of what was planned did not happen"


def _postgres(_: Path) -> str:
    return databases.migrated_postgres().render_as_string(hide_password=False)
