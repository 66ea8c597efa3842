"""The Python client: a goal handed over, followed, decided and taken back home, at a real office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from bot.app import Office
from bot.client import (
    BadToken,
    ClientError,
    Conflict,
    Cowork,
    Invalid,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
)
from tests.web.programs import at_work, program

GOAL = "Organize the reports folder"
README = Path(__file__).parents[2] / "README.md"
EXAMPLE = README.read_text("utf-8").split("```python\n")[1].split("```")[0]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with at_work(tmp_path_factory.mktemp("client")) as office:
        yield office


@pytest.fixture(scope="module")
def secrets(office: Office) -> Iterator[dict[str, str]]:
    with program(office, "ana") as ana, program(office, "mia") as mia, program(office, "ben") as ben:
        yield {"ana": ana.secret, "mia": mia.secret, "ben": ben.secret}


@pytest.fixture
def ana(office: Office, secrets: dict[str, str]) -> Iterator[Cowork]:
    with Cowork(office.server.url, secrets["ana"]) as cowork:
        yield cowork


@pytest.fixture
def mia(office: Office, secrets: dict[str, str]) -> Iterator[Cowork]:
    with Cowork(office.server.url, secrets["mia"]) as cowork:
        yield cowork


@pytest.fixture
def reports(office: Office) -> Path:
    folder = Path(office.colleague.settings.folders[0].path)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name in ("a.md", "b.md"):
        (folder / name).write_text("Finance Report\n\nDepartment: Finance\nPeriod: March 2026\n")
    return folder


def test_a_goal_is_handed_over_approved_by_another_person_and_its_files_come_home(
    ana, mia, reports, tmp_path
):
    task = ana.start(GOAL).wait()
    assert task.state == "waiting"
    asked = mia.task(task.id).checkpoint
    assert asked.choices == ("approve", "redirect", "stop")
    assert {action.tool for action in asked.actions} == {"make_folder", "move_file"}
    with pytest.raises(NotAllowed, match="cannot say yes to what was asked for through a token"):
        task.approve(checkpoint=task.checkpoint)

    mia.task(task.id).approve(checkpoint=asked)
    task.wait()

    assert (task.state, task.is_over, task.checkpoint) == ("done", True, None)
    assert task.report and not (reports / "a.md").exists()
    assert {step.status for step in task.plan} == {"completed"}
    assert {receipt.effect for receipt in task.receipts} >= {"create", "change"}
    [index] = task.download(tmp_path)
    assert index == tmp_path / "INDEX.md"
    assert task.deliverables[0].text() == index.read_text()
    assert task.audit()["asked"][0]["decision"] == "approved"
    told = [event.type for event in task.events()]
    assert (told[0], told[-1]) == ("started", "done")
    assert next(ana.tasks(state="done")).id == task.id


def test_the_example_of_the_readme(office, secrets, reports, tmp_path, monkeypatch):
    monkeypatch.setenv("COWORK_URL", office.server.url)
    monkeypatch.setenv("COWORK_TOKEN", secrets["ana"])
    monkeypatch.chdir(tmp_path)
    told: dict[str, object] = {"print": lambda *_: None}
    exec(EXAMPLE, told)
    assert told["task"].state == "stopped"


def test_what_is_said_redirects_it_and_what_is_stopped_stays_so(ana, reports):
    task = ana.start(GOAL, folders=[f"{reports}:rw"], budget={"dollars": 1})
    asked = task.wait(timeout=60).checkpoint
    task.redirect("Only a.md", checkpoint=asked).wait()
    assert task.say("Stop") in ("stopping", "over")
    assert task.wait().state in ("stopped", "done")
    assert (reports / "b.md").exists()


def test_the_same_key_is_the_same_task(ana, reports):
    first, again = (ana.start("What can you do?", key="k-1") for _ in range(2))
    assert first.id == again.id
    assert first.wait().state == "done"
    assert repr(first) == f"<Task {first.id} done: 'What can you do?'>"
    with pytest.raises(Conflict, match="take a new key"):
        ana.start("Something else", key="k-1")


def test_errors_are_of_who_can_act_and_say_what_to_do(office, ana, secrets):
    with pytest.raises(NotFound, match="no task 999"):
        ana.task(999)
    with pytest.raises(Invalid, match="goal"):
        ana.start(" ")
    task = ana.start("What can you do?").wait()
    with Cowork(office.server.url, secrets["ben"]) as ben, pytest.raises(NotFound):
        ben.task(task.id)
    with pytest.raises(ClientError, match="asks nothing now"):
        task.approve()
    with (
        Cowork(office.server.url, "ck_wrong") as nobody,
        pytest.raises(BadToken, match="not known") as refused,
    ):
        nobody.task(1)
    assert (refused.value.status, refused.value.problem["title"]) == (401, "Unauthorized")


def test_without_an_address_or_a_token_it_says_how_to_give_them(monkeypatch):
    monkeypatch.delenv("COWORK_TOKEN", raising=False)
    with pytest.raises(ClientError, match="COWORK_TOKEN"):
        Cowork("http://127.0.0.1:1")


class Cutting(httpx2.BaseTransport):
    """Cuts every stream of events behind so many bytes, once each."""

    def __init__(self, after: int) -> None:
        self._real = httpx2.HTTPTransport(trust_env=False)
        self._after = after
        self.cut = 0
        self.resumed: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._real.handle_request(request)
        if request.url.path.endswith("/events") and response.status_code == 200:
            self.resumed.append(request.headers.get("last-event-id", ""))
            response.stream = self._cut(response.stream)
        return response

    def _cut(self, stream: httpx2.SyncByteStream) -> httpx2.SyncByteStream:
        cutting = self

        class Cut(httpx2.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                left = cutting._after
                for chunk in stream:
                    yield chunk[:left]
                    left -= len(chunk)
                    if left < 0:
                        cutting.cut += 1
                        raise httpx2.ReadError("cut")

            def close(self) -> None:
                stream.close()

        return Cut()

    def close(self) -> None:
        self._real.close()


def test_a_stream_that_is_cut_again_and_again_loses_nothing_and_tells_nothing_twice(office, secrets, ana):
    task = ana.start("What can you do?").wait()
    whole = [event.id for event in task.events()]
    cutting = Cutting(after=700)
    with Cowork(office.server.url, secrets["ana"], transport=cutting, sleep=lambda _: None) as cowork:
        seen = [event.id for event in cowork.task(task.id).events()]
    assert seen == whole
    assert cutting.cut > 1 and cutting.resumed[0] == "" and cutting.resumed[1] in map(str, whole)


def mocked(*answers: httpx2.Response | Exception) -> tuple[Cowork, list[httpx2.Request], list[float]]:
    """Cowork as these answers, one after the other; what it was asked, and how long was waited."""
    asked: list[httpx2.Request] = []
    waited: list[float] = []
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    cowork = Cowork(
        "http://cowork.test", "ck_x", transport=httpx2.MockTransport(answer), sleep=waited.append, tries=3
    )
    return cowork, asked, waited


TASK = {"id": 1, "state": "working", "goal": "g", "answer": "", "note": "", "plan": [], "checkpoint": None}


def away(status: int = 502, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers=headers)


def test_what_is_safe_is_tried_again_and_waits_as_long_as_it_is_told():
    cowork, asked, waited = mocked(
        httpx2.ReadError("x"), away(429, **{"retry-after": "7"}), httpx2.Response(200, json=TASK)
    )
    assert cowork.task(1).state == "working"
    assert (len(asked), waited) == (3, [0.5, 7.0])


def test_a_goal_is_sent_again_with_the_same_key():
    cowork, asked, _ = mocked(httpx2.ReadError("x"), away(), httpx2.Response(201, json=TASK))
    cowork.start("g")
    assert len({request.headers["idempotency-key"] for request in asked}) == 1


def test_what_may_have_been_done_is_not_sent_again():
    for lost in (httpx2.ReadError("x"), away()):
        cowork, asked, _ = mocked(httpx2.Response(200, json=TASK), lost)
        task = cowork.task(1)
        with pytest.raises(Unavailable):
            task.stop()
        assert len(asked) == 2


def test_what_was_surely_not_done_is_sent_again():
    answers = (httpx2.ConnectError("x"), away(503, **{"retry-after": "1"}), httpx2.Response(200, json=TASK))
    cowork, asked, _ = mocked(httpx2.Response(200, json=TASK), *answers, httpx2.Response(200, json=TASK))
    cowork.task(1).stop()
    assert [request.method for request in asked] == ["GET", "POST", "POST", "POST", "GET"]


def test_in_the_end_it_gives_up_and_says_so():
    cowork, asked, _ = mocked(*[away(429, **{"retry-after": "1"})] * 3)
    with pytest.raises(TooMany):
        cowork.task(1)
    cowork, _, _ = mocked(*[httpx2.ConnectError("refused")] * 3)
    with pytest.raises(Unavailable, match="not reached"):
        cowork.task(1)
    assert len(asked) == 3


def test_a_stream_that_only_ever_ends_is_given_up():
    cowork, _, waited = mocked(
        httpx2.Response(200, json=TASK), *[httpx2.Response(200, text=": here\n\n")] * 4
    )
    with pytest.raises(Unavailable, match="again and again"):
        list(cowork.task(1).events())
    assert waited == [0.5, 1.0, 2.0]


def test_a_name_that_leads_elsewhere_does_not(tmp_path):
    handed = {"deliverables": [{"name": "../../evil", "title": "t", "size": 1, "url": "/api/v1/f"}]}
    cowork, _, _ = mocked(
        httpx2.Response(200, json=TASK), httpx2.Response(200, json=handed), httpx2.Response(200, text="x")
    )
    assert cowork.task(1).download(tmp_path) == [tmp_path / "evil"]


def test_waiting_ends_when_it_is_told_to():
    cowork, _, _ = mocked(httpx2.Response(200, json=TASK), httpx2.Response(200, json=TASK))
    with pytest.raises(TimeoutError, match="still working"):
        cowork.task(1).wait(timeout=0)


SAID = 'id: {0}\nevent: said\ndata: {{"id": {0}, "type": "said", "at": "2026-11-23T09:00:00Z", "data": {{}}}}\n\n'


def streams(*streams: httpx2.Response | str) -> tuple[Cowork, list[httpx2.Request], list[float]]:
    answers = [httpx2.Response(200, text=one) if isinstance(one, str) else one for one in streams]
    return mocked(httpx2.Response(200, json=TASK), *answers)


def test_half_an_event_at_the_end_of_a_stream_is_fetched_whole():
    first = ": here\n\n" + SAID.format(1) + SAID.format(2)[:-30]
    cowork, asked, _ = streams(first, SAID.format(2), httpx2.Response(204))
    assert [event.id for event in cowork.task(1).events()] == [1, 2]
    assert [request.headers.get("last-event-id") for request in asked[1:]] == [None, "1", "2"]


def test_a_quiet_task_is_watched_however_often_its_stream_is_cut():
    quiet = ": here\n\n: still here\n\n"
    cowork, asked, _ = streams(*[quiet] * 9, SAID.format(1), httpx2.Response(204))
    assert [event.id for event in cowork.task(1).events()] == [1]
    assert len(asked) == 12


def test_who_watches_by_a_token_that_is_revoked_is_told_what_to_do():
    closed = SAID.format(1) + 'event: closed\ndata: {"why": "The token is not known."}\n\n'
    cowork, _, _ = streams(closed, httpx2.Response(401, json={"detail": "The token is not known."}))
    watched = cowork.task(1).events()
    assert next(watched).id == 1
    with pytest.raises(BadToken, match="The token is not known"):
        next(watched)


def test_a_download_that_breaks_is_fetched_anew_and_never_left_half_written(tmp_path):
    def handed(*answers: httpx2.Response | Exception) -> Cowork:
        found = {"deliverables": [{"name": "a.md", "title": "t", "size": 3, "url": "/api/v1/f"}]}
        cowork, _, _ = mocked(httpx2.Response(200, json=TASK), httpx2.Response(200, json=found), *answers)
        return cowork

    [path] = handed(httpx2.ReadError("x"), httpx2.Response(200, text="new")).task(1).download(tmp_path)
    with pytest.raises(Unavailable):
        handed(*[httpx2.ReadError("x")] * 3).task(1).download(tmp_path)
    assert path.read_text() == "new"


def test_a_gateway_that_gave_up_may_have_passed_it_on():
    cowork, asked, _ = mocked(httpx2.Response(200, json=TASK), away(504, **{"retry-after": "1"}))
    task = cowork.task(1)
    with pytest.raises(Unavailable):
        task.stop()
    assert len(asked) == 2


def test_what_is_no_cowork_is_said_to_be_none():
    cowork, _, _ = mocked(httpx2.Response(200, text="<html>Sign in"))
    with pytest.raises(ClientError, match="is not Cowork"):
        cowork.task(1)
    with pytest.raises(ClientError, match="is no address"):
        Cowork("localhost:8080", "ck_x")


def test_whoever_waits_hears_of_a_state_that_came_after_its_news():
    states = iter(["working", "working", "working", "waiting"])
    streams = iter(['event: asked\ndata: {"id": "5", "type": "asked"}\n\n', ": still here\n\n"])

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/events"):
            return httpx2.Response(200, text=next(streams))
        return httpx2.Response(200, json={"id": 7, "state": next(states), "plan": []})

    with Cowork("http://cowork.test", "ck_x", transport=httpx2.MockTransport(answer)) as cowork:
        assert cowork.task(7).wait().state == "waiting"
