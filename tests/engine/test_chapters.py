"""A conversation that grows too long goes on in a new chapter, and nothing that counts is lost with the old one."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import pytest

from bot.agent import prompt
from bot.domain.task import TaskState
from bot.model.claude import Claude
from bot.rehearsal import trouble
from bot.rehearsal.answer import Answer, calls, text
from tests.engine.furnished import furnish
from tests.engine.mortal import Death, MortalDatabase, lived
from tests.store import databases

FULL = Answer(content=[], stop_reason="model_context_window_exceeded")
TOO_LONG = trouble.refused(400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum")
PAGE = "word " * 300


def texts(request):
    return json.dumps(request["messages"], ensure_ascii=False)


def step_of(request):
    """Which step is next: read off what the model was sent, so a record that is lost ends the test."""
    return 1 + max((int(number) for number in re.findall(r"step-(\d+)", texts(request))), default=0)


def without_marks(messages):
    return [
        {
            **one,
            "content": [{k: v for k, v in block.items() if k != "cache_control"} for block in one["content"]],
        }
        for one in messages
    ]


def is_asked_to_sum_up(request):
    return bool(request.get("compaction")) or request["system"][0]["text"] == prompt.summary_instructions()


class Worker:
    """A model that writes a file a step; it deletes one at the second, which a person has to approve."""

    def __init__(self, steps, *, page=PAGE):
        self.steps, self.page, self.office = steps, page, None
        self.looks = lambda request: None
        self.summary = lambda request: text(f"I wrote step-{step_of(request) - 1}.")

    def __call__(self, request):
        self.looks(request)
        if is_asked_to_sum_up(request):
            return self.summary(request)
        step, reports = step_of(request), self.office.reports
        if step > self.steps:
            return text("All is written.")
        made = ("write_file", {"path": f"{reports}/step-{step}.md", "content": f"{self.page}{step}"})
        if step == 1:
            plan = [{"title": "Write every file", "status": "in_progress"}]
            return calls(("update_plan", {"steps": plan}), made)
        return calls(made, ("delete_file", {"path": f"{reports}/a.txt"})) if step == 2 else calls(made)


@pytest.fixture
def writing(new_office):
    """An office whose model reads little at once."""
    made = []

    def office(worker, *, context=12_000, endpoint="anthropic", **given):
        office = new_office(mind=worker, changes={"turns": 2_000}, **given)
        claude = Claude(
            api_key="key", base_url=office.double.url, model="rehearsal", endpoint=endpoint, context=context
        )
        made.append(claude)
        office = replace(office, claude=claude)
        if isinstance(worker, Worker):
            worker.office = office
        return office

    yield office
    for claude in made:
        claude.close()


def work(office, *words):
    task_id = office.start("Write the files")
    for one in words:
        office.say(task_id, one)
    task = office.work(task_id)
    return office.approve(task.id) if task.state is TaskState.WAITING else task


def chapters(office, task):
    return office.history(task.id)[-1].chapter


def beginning(request):
    """The first message of ours in the conversation, and whether the service's summary stands before it."""
    messages = request["messages"]
    is_summed_up = messages[0]["role"] == "assistant"
    return "\n".join(block["text"] for block in messages[is_summed_up]["content"]), is_summed_up


def breaks(requests):
    """How often a request did not begin with the one before it, byte for byte."""
    sent = [json.dumps(without_marks(one["messages"]))[:-1] for one in requests if not one.get("compaction")]
    return sum(not later.startswith(earlier) for earlier, later in itertools.pairwise(sent))


def written(office):
    return sorted(int(path.stem.partition("-")[2]) for path in office.reports.glob("step-*.md"))


def test_a_task_of_five_hundred_steps_ends_and_its_last_chapter_knows_plan_decisions_words_and_receipts(
    writing,
):
    office = writing(Worker(500, page="x" * 500), context=20_000)

    task = work(office, "Leave <b.txt> as it is")

    assert (task.state, task.answer, written(office)) == (TaskState.DONE, "All is written.", [*range(1, 501)])
    assert office.double.invalid == []
    assert chapters(office, task) > 5
    assert breaks(office.double.requests) == chapters(office, task) - 1
    first, is_summed_up = beginning(office.double.requests[-1])
    assert is_summed_up
    assert "<goal>Write the files</goal>" in first
    assert "- [in_progress] Write every file" in first
    assert re.search("- Ana Silva approved “Delete [^”]*a.txt”", first), first
    assert 'kind="earlier">Leave &lt;b.txt&gt; as it is</slack_message>' in first
    newest = max(int(number) for number in re.findall(r"step-(\d+)", first))
    assert f"step-{newest - 99}.md" in first
    assert "- earlier, create: " in first
    assert max(int(headers.get("content-length", 0)) for headers in office.double.headers) < 90_000


def test_every_chapter_stays_stored_and_the_service_gets_its_summary_back_as_it_came(writing):
    office = writing(Worker(12))

    task = work(office)

    history = office.history(task.id)
    assert [one.seq for one in history] == [*range(1, len(history) + 1)]
    assert history[0].chapter == 1 < chapters(office, task)
    summaries = [one for one in history if one.is_summary]
    assert [one.chapter for one in summaries] == [*range(2, chapters(office, task) + 1)]
    sent_back = [json.dumps(one["messages"][0]["content"]) for one in office.double.requests]
    assert {one.content for one in summaries} <= set(sent_back)
    assert json.loads(summaries[0].content)[0]["signature"]
    closing = [history[history.index(one) - 1] for one in summaries]
    assert [json.loads(one.content)[0]["type"] for one in closing] == ["tool_result"] * len(summaries)


def test_a_follow_up_after_a_new_chapter_reaches_the_model_behind_the_record(writing):
    worker = Worker(12)
    office = writing(worker)
    task = work(office)
    worker.steps = 14

    office.say(task.id, "Two more, please")
    again = office.work(task.id)

    assert (again.state, written(office)) == (TaskState.DONE, [*range(1, 15)])
    assert any("Two more, please" in texts(one) for one in office.double.requests)


def test_words_said_while_it_is_summed_up_are_told_in_the_new_chapter(writing):
    worker, said = Worker(12), []
    office = writing(worker)

    def looks(request):
        if request.get("compaction") and not said:
            said.append(office.say(1, "And hurry"))

    worker.looks = looks
    work(office)

    told = [one for one in office.double.requests if "And hurry" in texts(one)]
    assert beginning(told[0])[1] and not told[0].get("compaction")
    assert '">And hurry<' in told[0]["messages"][-1]["content"][-1]["text"]


def test_an_endpoint_that_cannot_sum_up_is_asked_for_a_summary_in_words(writing):
    office = writing(Worker(20), endpoint="plain")

    task = work(office)

    assert (task.state, written(office)) == (TaskState.DONE, [*range(1, 21)])
    assert chapters(office, task) > 1
    first, is_summed_up = beginning(office.double.requests[-1])
    assert not is_summed_up
    assert re.search(r"<summary>\n.*\nI wrote step-\d+\.\n</summary>", first)
    assert "Ana Silva approved" in first and "<last_results>" in first
    assert "- create: " in first


@pytest.mark.parametrize("endpoint", ["anthropic", "plain"])
def test_without_any_summary_a_conversation_that_cannot_grow_begins_again_from_the_record(writing, endpoint):
    worker = Worker(8)
    worker.summary = lambda request: FULL
    office = writing(worker, endpoint=endpoint, context=1_000_000)
    at_step_five(worker, TOO_LONG)

    task = work(office)

    assert (task.state, written(office), chapters(office, task)) == (TaskState.DONE, [*range(1, 9)], 2)
    first, _ = beginning(office.double.requests[-1])
    assert "step-4.md" in first and "<last_results>" in first


def at_step_five(worker, fault):
    """The request behind the fourth step meets this, once."""
    faults = [fault]

    def looks(request):
        if step_of(request) == 4 and faults:
            worker.office.double.faults.next(faults.pop())

    worker.looks = looks


@pytest.mark.parametrize(
    "fault",
    [TOO_LONG, trouble.too_large(), trouble.refused(500, "exceed_context_size_error", "no room")],
    ids=["400", "413", "500"],
)
def test_a_conversation_that_the_service_finds_too_long_goes_on_in_a_new_chapter(writing, fault):
    worker = Worker(8)
    office = writing(worker, context=1_000_000)
    at_step_five(worker, fault)

    task = work(office)

    assert (task.state, written(office), chapters(office, task)) == (TaskState.DONE, [*range(1, 9)], 2)


def test_a_goal_that_is_too_large_for_the_model_fails_and_says_what_to_do(writing):
    office = writing(lambda request: FULL)

    task = work(office)

    assert task.state is TaskState.FAILED
    assert "Put long text into a file" in task.note
    assert len(office.double.requests) == 1


def test_a_summary_that_comes_to_nothing_leaves_the_conversation_as_it_is(writing):
    worker = Worker(12)
    worker.summary = lambda request: Answer(content=[{"type": "compaction", "content": None}])
    office = writing(worker)

    task = work(office)

    assert (task.state, written(office), chapters(office, task)) == (TaskState.DONE, [*range(1, 13)], 1)
    asked = sum(bool(one.get("compaction")) for one in office.double.requests)
    assert 0 < asked < 12


def test_a_large_result_after_a_summary_that_came_to_nothing_is_sent_all_the_same(writing):
    def reading(request):
        if request.get("compaction"):
            return Answer(content=[{"type": "compaction", "content": None}])
        turns = sum(one["role"] == "assistant" for one in request["messages"])
        return text("Read.") if turns else calls(("read_file", {"path": f"{office.reports}/large.md"}))

    office = writing(reading, context=6_000)
    (office.reports / "large.md").write_text("\n".join(["word " * 20] * 200))

    task = work(office)

    assert (task.state, len(office.double.requests)) == (TaskState.DONE, 3)


def test_wherever_the_process_dies_around_a_new_chapter_the_end_is_the_same(writing, tmp_path):
    worker = Worker(4, page="word " * 1_500)
    database = MortalDatabase(databases.sqlite_url(tmp_path))
    office = writing(worker, database=database, context=9_000)
    runs = itertools.count(1)

    def run(death=None):
        places = furnish(tmp_path / f"run-{next(runs)}")
        database.close()
        databases.empty(database)

        def moved_in():
            worker.office = replace(office, **places)
            return worker.office

        return lived(database, moved_in, death)

    clean = run()
    assert clean.history[-1].chapter > 1
    for death in [Death(at=number) for number in range(2, clean.writes + 1)]:
        story = run(death)

        assert story.lives == 2, death
        assert story.outcome == clean.outcome, death
        assert story.ran == clean.ran, death
        assert story.is_append_only, death
        assert office.double.invalid == [], death
