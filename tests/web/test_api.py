"""Goals over HTTP: a program does what its person could, sees what they could, and decides where their click would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Office
from bot.domain.token import TokenScope
from bot.emulator import channels
from bot.slack.views import checkpoint as checkpoint_view
from bot.store import spending
from tests.eventually import eventually
from tests.web.programs import Program, at_work, program

GOAL = "Organize the reports folder"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with at_work(tmp_path_factory.mktemp("api")) as office:
        yield office


@pytest.fixture(scope="module")
def ana(office: Office) -> Iterator[Program]:
    with program(office, "ana") as one:
        yield one


@pytest.fixture(scope="module")
def mia(office: Office) -> Iterator[Program]:
    with program(office, "mia") as one:
        yield one


@pytest.fixture(scope="module")
def ben(office: Office) -> Iterator[Program]:
    with program(office, "ben") as one:
        yield one


@pytest.fixture
def reports(office: Office) -> Path:
    """Two files in it, as if nobody had been there."""
    folder = Path(office.colleague.settings.folders[0].path)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name in ("a.md", "b.md"):
        (folder / name).write_text("Finance Report\n\nDepartment: Finance\nPeriod: March 2026\n")
    return folder


def asked(ana: Program, **given: object) -> tuple[int, str]:
    """A task that waits for a yes, and the id of what it asks."""
    task = ana.begin(GOAL, **given)
    return task, str(ana.events(task, to="asked")[-1]["data"]["approval"])


def test_a_goal_is_begun_watched_decided_by_another_person_and_handed_over(ana, mia, reports):
    task, checkpoint = asked(ana)
    shown = mia.get(f"/tasks/{task}/checkpoints/{checkpoint}").json()
    assert (shown["state"], shown["choices"]) == ("pending", ["approve", "redirect", "stop"])
    assert {action["tool"] for action in shown["actions"]} == {"make_folder", "move_file"}
    assert sorted(path.name for path in reports.iterdir()) == ["a.md", "b.md"]

    decided = mia.post(f"/tasks/{task}/checkpoints/{checkpoint}", {"decision": "approve"})

    assert (decided.status_code, decided.json()["missing"]) == (200, "")
    assert decided.json()["checkpoint"]["decided_by"] == "Mia Chen (API token script)"
    told = [event["type"] for event in ana.events(task)]
    assert (told[0], told[-1]) == ("started", "done") and "decided" in told
    done = ana.get(f"/tasks/{task}").json()
    assert done["state"] == "done" and done["checkpoint"] is None
    assert {receipt["effect"] for receipt in done["receipts"]} >= {"create", "change"}
    assert not (reports / "a.md").exists()

    [file] = ana.get(f"/tasks/{task}/deliverables").json()["deliverables"]
    came = ana.http.get(file["url"])
    assert (file["name"], file["version"], len(came.content)) == ("INDEX.md", 1, file["size"])
    assert came.headers["content-disposition"].startswith('attachment; filename="INDEX.md"')

    audit = ana.get(f"/tasks/{task}/audit").json()
    assert audit["asked"][0]["people"] == [f"{mia.person.user}@{mia.person.team}"]
    assert {deed["rule"] for deed in audit["deeds"] if deed["tool"] == "move_file"} == {5}
    via = [event["data"].get("via") for event in ana.events(task, until="now")]
    assert (via[0], "API token script" in via[1:]) == ("API token script", True)


def test_what_a_program_asked_for_its_own_person_approves_in_slack_and_not_by_a_token(office, ana, reports):
    with program(office, "ana", name="other") as other:
        task, checkpoint = asked(ana)
        for one in (ana, other):
            refused = one.post(f"/tasks/{task}/checkpoints/{checkpoint}", {"decision": "approve"})
            assert refused.status_code == 403
            assert "cannot say yes to what was asked for through a token" in refused.json()["detail"]
    slack = office.local_slack
    place = eventually(lambda: ana.get(f"/tasks/{task}").json()["place"])
    assert place["channel"].startswith("D")
    message = eventually(lambda: _with_button(office, place["channel"], checkpoint))
    slack.person("ana").press(message, checkpoint_view.APPROVAL_APPROVE)
    assert ana.events(task)[-1]["type"] == "done"


def _with_button(office: Office, channel: str, checkpoint: str) -> dict | None:
    for message in office.local_slack.messages(channel):
        if checkpoint in str(message.get("blocks")):
            return message
    return None


def test_a_token_says_no_to_what_it_asked_for(ana, reports):
    task, checkpoint = asked(ana)
    answer = ana.post(f"/tasks/{task}/checkpoints/{checkpoint}", {"decision": "stop"})
    assert answer.json()["checkpoint"]["state"] == "stopped"
    assert ana.events(task)[-1]["type"] == "stopped"
    assert sorted(path.name for path in reports.iterdir()) == ["a.md", "b.md"]


def test_who_comes_second_is_told_who_decided(ana, mia, reports):
    task, checkpoint = asked(ana)
    path = f"/tasks/{task}/checkpoints/{checkpoint}"
    redirect = {"decision": "redirect", "words": "Only a.md"}
    first, again = (mia.post(path, redirect) for _ in range(2))
    other = ana.post(path, {"decision": "stop"})
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert other.json()["detail"] == "Mia Chen (API token script) decided before: redirected."
    ana.post(f"/tasks/{task}/stop")


def test_a_stream_goes_on_where_it_was_cut_off_and_ends_with_the_task(ana, reports):
    task, _ = asked(ana)
    whole = ana.events(task, until="now")
    assert [event["id"] for event in whole] == sorted({event["id"] for event in whole})
    after = whole[2]["id"]
    assert ana.events(task, after=after, until="now") == whole[3:]
    ana.post(f"/tasks/{task}/stop")
    rest = ana.events(task, after=whole[-1]["id"])
    assert rest[-1]["type"] == "stopped" and rest[0]["id"] > whole[-1]["id"]
    ended = ana.get(f"/tasks/{task}/events", headers={"Last-Event-ID": str(rest[-1]["id"])})
    assert ended.status_code == 204


def test_who_watches_from_an_event_that_is_yet_to_come_hears_what_comes_next(ana, reports):
    task, _ = asked(ana)
    with ana.http.stream(
        "GET", f"/api/v1/tasks/{task}/events", headers={"Last-Event-ID": "9" * 15}
    ) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": here"
        ana.post(f"/tasks/{task}/stop")
        told = [line for line in lines if line.startswith("event: ")]
    assert told[-1] == "event: stopped"


def test_the_same_key_is_the_same_task_and_another_goal_with_it_is_refused(ana, ben):
    body = {"goal": "What can you do?"}
    first, again = (ana.post("/tasks", body, key="nightly-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert first.headers["location"] == f"/api/v1/tasks/{first.json()['id']}"
    other = ana.post("/tasks", {"goal": "Something else"}, key="nightly-1")
    assert (other.status_code, other.json()["type"]) == (409, "urn:cowork:idempotency-key-used")
    assert ben.post("/tasks", body, key="nightly-1").json()["id"] != first.json()["id"]


def test_words_to_a_finished_task_set_it_working_again(ana):
    task = ana.begin("What can you do?")
    ana.events(task)
    path = f"/tasks/{task}/messages"
    heard, again = (ana.post(path, {"text": "And what else?"}, key="more").json() for _ in range(2))
    assert (heard["heard"], again["heard"]) == ("continued", "repeated")
    assert (
        eventually(lambda: (one := ana.get(f"/tasks/{task}").json())["state"] == "done" and one)["round"] == 2
    )


def test_what_is_somebody_elses_is_not_there(ana, ben, reports):
    task, checkpoint = asked(ana)
    paths = ["", "/events", f"/checkpoints/{checkpoint}", "/deliverables", "/deliverables/INDEX.md", "/audit"]
    for path in paths:
        assert ben.get(f"/tasks/{task}{path}").status_code == 404, path
    for path in ("/stop", "/retry", "/undo"):
        assert ben.post(f"/tasks/{task}{path}").status_code == 404, path
    assert ben.post(f"/tasks/{task}/messages", {"text": "stop"}).status_code == 404
    decision = {"decision": "approve"}
    assert ben.post(f"/tasks/{task}/checkpoints/{checkpoint}", decision).status_code == 404
    assert task not in [one["id"] for one in ben.get("/tasks").json()["tasks"]]
    mine = ben.begin("What can you do?")
    assert ben.get(f"/tasks/{mine}/checkpoints/{checkpoint}").status_code == 404
    assert ben.get("/tasks/999999").json()["detail"] == "There is no task 999999 that you can see."
    ana.post(f"/tasks/{task}/stop")


def test_a_token_does_what_its_scopes_say(office, ana):
    task = ana.begin("What can you do?")
    ana.events(task)
    tries = {
        TokenScope.READ: ("get", f"/tasks/{task}", None),
        TokenScope.WRITE: ("post", f"/tasks/{task}/stop", None),
        TokenScope.APPROVE: ("post", f"/tasks/{task}/undo", None),
        TokenScope.AUDIT: ("get", f"/tasks/{task}/audit", None),
    }
    for scope in tries:
        with program(office, "ana", name=scope, scopes=(scope,)) as one:
            for needed, (method, path, _) in tries.items():
                answer = one.http.request(method, f"/api/v1{path}")
                out = answer.status_code == 403 and answer.json()["type"] == "urn:cowork:out-of-scope"
                assert out is (needed is not scope), (scope, needed, answer.text)


def test_a_revoked_token_is_refused_at_once(office):
    with program(office, "ana", name="short") as one:
        assert one.get("/tasks").status_code == 200
        office.colleague.tokens.revoke(one.token_id, by="operator")
        refused = one.get("/tasks")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="cowork", error="invalid_token"'
    assert (
        refused.json()["detail"]
        == "The token “short” was revoked. Make a new one with /cowork tokens in Slack."
    )


@pytest.mark.parametrize(
    ("given", "status", "why"),
    [
        ({"folders": [{"path": "/etc"}]}, 403, "The folder /etc is not granted."),
        ({"place": {"channel": "C00NOWHERE"}}, 403, "I cannot look into the channel"),
        ({"place": {"channel": "general"}}, 422, "place.channel"),
        ({"budget": {"turns": 0}}, 422, "budget.turns"),
        ({"goal": " "}, 422, "body.goal"),
        ({"goal": "x" * 10_001}, 422, "body.goal"),
        ({"surprise": 1}, 422, "body.surprise"),
    ],
)
def test_what_cannot_be_begun_is_refused_with_what_to_do(ana, given, status, why):
    before = ana.get("/tasks").json()
    answer = ana.post("/tasks", {"goal": "What can you do?", **given})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert why in answer.json()["detail"]
    assert ana.get("/tasks").json() == before


def test_a_task_gets_less_than_what_is_granted_and_never_more(office, ana, reports):
    (reports / "sub").mkdir()
    task = ana.begin(
        "What can you do?",
        folders=[{"path": f"{reports}/sub", "mode": "ro"}],
        budget={"dollars": 0.5, "turns": 10_000},
    )
    shown = ana.get(f"/tasks/{task}").json()
    assert shown["folders"] == [{"path": f"{reports}/sub", "writable": False}]
    with office.colleague.database.read() as session:
        budget = spending.of_task(session, task).budget
    granted = office.colleague.settings.budgets.task
    assert (budget.charge, budget.turns, budget.worked) == (500_000, granted.turns, granted.worked)
    ana.events(task)


def test_in_a_channel_a_program_begins_a_task_where_its_person_could(office, ana):
    slack = office.local_slack
    reports = slack.channel("reports")
    with program(office, "gil", name="guest") as gil:
        shut = gil.post("/tasks", {"goal": "What can you do?", "place": {"channel": reports}})
        others = gil.post(
            "/tasks", {"goal": "What can you do?", "place": {"channel": _direct(office, "ana")}}
        )
    assert [one.status_code for one in (shut, others)] == [403, 403]
    assert shut.json()["detail"] == f"Gil Moreau is not in the channel {reports}, so no task begins there."
    task = ana.begin("What can you do?", place={"channel": reports})
    assert ana.events(task)[-1]["type"] == "done"
    place = eventually(lambda: (one := ana.get(f"/tasks/{task}").json()["place"])["thread"] and one)
    assert [one["ts"] for one in slack.messages(reports)].count(place["thread"]) == 1


def _direct(office: Office, who: str) -> str:
    assert office.local_slack is not None
    slack = office.local_slack
    return str(channels.direct(slack.workspace, slack.person(who).id, slack.workspace.bot_user)["id"])


def test_a_task_that_needs_nobody_is_posted_nowhere(office, ana):
    task = ana.begin("What can you do?")
    assert ana.events(task)[-1]["type"] == "done"
    assert ana.get(f"/tasks/{task}").json()["place"] is None
    assert f"'card:{task}'" not in str(office.local_slack.log("chat.postMessage"))


def test_lists_come_in_pages_newest_first(ana):
    for _ in range(3):
        ana.events(ana.begin("What can you do?"))
    whole = [one["id"] for one in ana.get("/tasks", params={"limit": 100}).json()["tasks"]]
    found, cursor = [], None
    while cursor is not None or not found:
        page = ana.get("/tasks", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [one["id"] for one in page["tasks"]]
        cursor = page["next_cursor"]
    assert found == whole == sorted(whole, reverse=True)
    states = {one["state"] for one in ana.get("/tasks", params={"state": "done"}).json()["tasks"]}
    assert states == {"done"}


def test_only_under_our_own_names_and_never_from_pages_of_others(ana):
    assert ana.get("/tasks", headers={"Host": "evil.example"}).status_code == 421
    assert ana.get("/tasks", headers={"Origin": "https://evil.example"}).status_code == 403
    assert ana.get("/tasks", headers={"Origin": "null"}).status_code == 403
    local = ana.get("/tasks", headers={"Origin": "http://localhost:3000"})
    assert local.status_code == 200 and "access-control-allow-origin" not in local.headers


def test_too_much_and_too_often_are_refused(tmp_path):
    with at_work(tmp_path, COWORK_API_RATE=3) as office, program(office, "ana") as ana:
        large = ana.http.post("/api/v1/tasks", content=iter([b" " * 600_000] * 2))
        assert (large.status_code, large.json()["title"]) == (413, "Request Entity Too Large")
        answers = [ana.get("/tasks") for _ in range(4)]
        with program(office, "ana", name="other") as other:
            assert other.get("/tasks").status_code == 200
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["ratelimit-remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert (answers[3].headers["ratelimit-limit"], answers[3].headers["retry-after"]) == ("3", "20")
    assert answers[3].json()["remedy"] == "Ask again in 20 seconds."


def test_its_reference_is_one_page_that_loads_nothing(ana):
    page = ana.get("/docs")
    assert page.status_code == 200 and "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"<script|src=|https?://", page.text)
    assert "POST</code>" in page.text or "POST /api/v1/tasks" in page.text
