"""Any words of any length in any field: the local Slack refuses nothing, nobody is pinged, and values are ids."""

import json
import re
from datetime import UTC, datetime
from itertools import cycle

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.approval import Action, Approval, ApprovalKind, ApprovalState, Draft
from bot.domain.call import Call
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant
from bot.domain.person import Person, Place
from bot.domain.plan import Plan, Step, StepState
from bot.domain.receipt import Deliverable, Receipt
from bot.domain.snapshot import LogLine, Snapshot
from bot.domain.task import Autonomy, Spent, Task, TaskState
from bot.emulator.validation import block_problems, check_blocks, view_problems
from bot.slack.views import details, home, loading, new_task, redirect, result, texts
from bot.slack.views.all_actions import all_actions
from bot.slack.views.card import plain_card, task_card
from bot.slack.views.checkpoint import checkpoint
from tests.laws import tried

NOW = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
ALIVE = re.compile(r"<@(?!U0ANA0001>)|<!(?!date\^)|<#(?!C0)|(?i:@(?:channel|here|everyone))")
FOREIGN = re.compile(r"<(?!@U0ANA0001>|!date\^\d+\^[^<>|]+\|[^<>|]+>|#C0GENERAL>)")
ID = re.compile(r"[\w-]{1,64}")

PINGS = st.sampled_from(["<!channel>", "<@U0EVE0001>", "@here", "&amp;", "<https://e.example|x>", "<#X1>"])
TRICKS = st.sampled_from(
    ["\u202e", "\u200b", "\x00", "\ud800", "🙂", "\n\n", "\\", '"', "*", "```", "![x](a:b)"]
)
HOSTILE = PINGS | TRICKS
SHORT = st.lists(st.text(max_size=8) | HOSTILE, max_size=8).map("".join)
TEXT = SHORT | st.tuples(SHORT, st.integers(1, 4000)).map(lambda made: made[0] * made[1]) | st.just(" ")
TEXTS = st.lists(TEXT, min_size=1, max_size=3)
COUNTS = st.sampled_from([0, 1, 3, 12, 70])
ANA = Person(team="T0ACME001", user="U0ANA0001", name="Ana Silva")
OUTCOMES = ("ok", "unknown", "")
often = settings(max_examples=tried(150), deadline=None, suppress_health_check=list(HealthCheck))


@often
@given(TEXTS, COUNTS, st.sampled_from(TaskState))
def test_slack_takes_every_card_and_report(texts_, count, state):
    say = cycle(texts_)
    snapshot, log = _snapshot(say, state, count), _log(say, count)
    for message in (task_card(snapshot), plain_card(snapshot), result.error_card(snapshot)):
        _taken(message)
    for message in (
        *result.result(snapshot), texts.status([snapshot]), texts.task_list([snapshot.task] * count)
    ):  # fmt: skip
        _taken(message)
    for file in result.files(snapshot):
        file.content.encode()
    for page in (1, 2, 9):
        _shown(details.details(snapshot, log, page), "modal")


@often
@given(TEXTS, COUNTS, st.sampled_from(ApprovalKind), st.sampled_from(ApprovalState))
def test_slack_takes_every_checkpoint(texts_, count, kind, state):
    say = cycle(texts_)
    approval = _approval(say, count, kind, state)
    _taken(checkpoint(approval, _task(say, TaskState.WAITING, 1)))
    _taken(texts.decided_already(approval))
    for page in (-1, 1, 2, 9):
        _shown(all_actions(approval, page), "modal")
    _shown(redirect.redirect(approval), "modal")


@often
@given(TEXTS, COUNTS, st.sampled_from(Autonomy))
def test_slack_takes_every_form(texts_, count, autonomy):
    say = cycle(texts_)
    folders = [
        *_folders(say, count * 2),
        *(FolderGrant(path=f"/home/{number}") for number in range(count * 2)),
    ]
    filled = new_task.Filled(goal=next(say), folder=next(say), output=next(say))
    _shown(new_task.new_task(folders, autonomy, channel="C0GENERAL", filled=filled, error=next(say)), "modal")
    _shown(loading.loading(next(say)), "modal")
    _shown(loading.notice(next(say), next(say)), "modal")


@often
@given(TEXTS, COUNTS, st.sampled_from(TaskState), st.booleans())
def test_slack_takes_every_home(texts_, count, state, is_rehearsal):
    say = cycle(texts_)
    shown = home.Home(
        tasks=[_task(say, state, 3) for _ in range(count)],
        folders=_folders(say, count),
        model=next(say),
        is_rehearsal=is_rehearsal,
        autonomy=Autonomy.CHECKPOINT,
        no_commands=next(say),
    )
    _shown(home.home(shown), "home")
    _shown(home.minimal_home(), "home")


@often
@given(TEXT)
def test_slack_takes_every_refusal(reason):
    for message in (texts.refused(reason), texts.not_yet(reason), texts.help_text(), texts.too_late()):
        _taken(message)


def _task(say, state, count):
    steps = tuple(Step(title=next(say), state=one) for _ in range(count) for one in StepState)
    return Task(
        id=12,
        person=Person(team="T0ACME001", user=next(say), name=next(say)),
        place=Place(team="T0ACME001", channel="C0GENERAL"),
        goal=next(say),
        autonomy=Autonomy.CHECKPOINT,
        state=state,
        folders=tuple(_folders(say, count)),
        created_at=NOW,
        started_at=NOW,
        plan=Plan(steps=steps),
        spent=Spent(turns=10**6, dollars=None if count else 1e6),
        note=next(say),
        reference=next(say),
        answer=next(say),
        stop_by=next(say),
        edited_goal=next(say),
    )


def _snapshot(say, state, count):
    receipts = tuple(
        Receipt(
            effect=effect, what=next(say), where=next(say), before=next(say), after=next(say), undo=next(say)
        )
        for effect in list(Effect)[: count + 1] * (count // 8 + 1)
    )
    files = (
        Deliverable(path=next(say), title=next(say), comment=next(say), size=10**13) for _ in range(count)
    )
    task = _task(say, state, count)
    return Snapshot(
        task=task,
        now=NOW,
        activity=next(say),
        receipts=receipts,
        deliverables=tuple(files),
        approved=2 * count,
        undone=tuple(next(say) for _ in range(count)),
        unknown=tuple(next(say) for _ in range(count)),
    )


def _approval(say, count, kind, state):
    call = Call(id="c", tool="move_file", input={})
    actions = tuple(Action(call=call, preview=next(say), reason=next(say)) for _ in range(count))
    options = tuple(next(say) for _ in range(count))
    draft = Draft(kind=kind, title=next(say), summary=next(say), actions=actions, options=options)
    who = ANA if count % 2 else Person(team="T0ACME001", user=next(say), name=next(say))
    return Approval(
        id="01HZX3", task_id=12, draft=draft, digest="abcdef0123456789", created_at=NOW,
        state=state, words=next(say), decided_by=who, decided_at=NOW,
    )  # fmt: skip


def _log(say, count):
    lines = range(count)
    return [
        LogLine(at=NOW, what=next(say), outcome=OUTCOMES[at % 3] or next(say), why=next(say)) for at in lines
    ]


def _folders(say, count):
    return [FolderGrant(path=next(say), writable=bool(at % 2)) for at in range(count)]


def _taken(message):
    payload = message.payload()
    assert block_problems(payload["blocks"]) == []
    check_blocks(payload["blocks"])
    assert 0 < len(payload["text"]) <= 4000
    _harmless(payload)


def _shown(view, kind):
    shown = view.to_dict()
    assert view_problems(shown, kind) == []
    assert len(json.dumps(shown)) < 250 * 1024
    assert ID.fullmatch(shown.get("private_metadata", "none"))
    _harmless(shown)


def _harmless(payload):
    json.dumps(payload, ensure_ascii=False).encode()
    for object_ in _objects(payload):
        if object_.get("type") in ("mrkdwn", "markdown"):
            assert not ALIVE.search(object_["text"])
        if object_.get("type") == "mrkdwn":
            assert not FOREIGN.search(object_["text"])
        if "value" in object_:
            assert ID.fullmatch(object_["value"])
    assert not FOREIGN.search(payload.get("text", ""))
    assert not ALIVE.search(payload.get("text", ""))


def _objects(value):
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)
