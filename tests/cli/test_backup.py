"""`cowork backup` and `cowork restore`: what was written comes back, checked, and does nothing twice."""

from __future__ import annotations

import dataclasses
import gzip
import io
import os
import shutil
import stat
import tarfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.call import Result
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from bot.slack.announcer import Announcer
from bot.store import calls as stored
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import PostKind
from tests.cli.conftest import Invoke
from tests.cli.process import Cowork
from tests.engine.furnished import NewOffice, offices
from tests.engine.office import ANA, Office

FAR = datetime(2100, 1, 1, tzinfo=UTC)

Restored = Callable[[Office], Office]


@pytest.fixture
def new_office(tmp_path: Path) -> Iterator[NewOffice]:
    with offices(tmp_path / "office") as made:
        yield made


@pytest.fixture(autouse=True)
def _room(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()


@pytest.fixture
def backup(invoke: Invoke, place: Path) -> Callable[[Office], str]:
    """`cowork backup` of this office to `place/backup.tar.gz`; what it says."""

    def made(office: Office) -> str:
        url = {"COWORK_DATABASE_URL": str(office.database.url)}
        result = invoke("backup", str(place / "backup.tar.gz"), COWORK_HOME=str(office.home), **url)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    return made


@pytest.fixture
def restored(invoke: Invoke, place: Path) -> Iterator[Restored]:
    """The office as it is after `cowork restore` to an empty home at `place/restored`."""
    opened: list[Database] = []

    def brought(office: Office) -> Office:
        result = invoke("restore", str(place / "backup.tar.gz"), "--home", str(place / "restored"))
        assert (result.exit_code, result.stderr) == (0, "")
        opened.append(Database(f"sqlite:///{place}/restored/cowork.sqlite"))
        return dataclasses.replace(office, database=opened[-1], home=place / "restored")

    yield brought
    for database in opened:
        database.close()


def verified(invoke: Invoke, home: Path) -> str:
    result = invoke("audit", "verify", COWORK_HOME=str(home))
    assert result.exit_code == 0
    return result.stdout


def test_a_checkpoint_that_waited_can_be_approved_after_a_restore_and_the_task_goes_on(
    new_office, backup, restored, invoke, place
):
    office = new_office(
        lambda _: calls(("write_file", {"path": "notes.md", "content": "kept"})),
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})),
        text("Done."),
    )
    task = office.begin()
    said = backup(office)
    assert "1 task, 1 file of theirs" in said
    shutil.rmtree(office.home)

    after = restored(office)
    with after.database.read() as session:
        told = [post.ref for post in outbox.due(session, now=FAR) if post.kind is PostKind.NOTE]
    assert [note.partition("What I ")[2] for note in told] == [
        "did after that I do not remember. "
        "Look whether this was decided and done after the backup before you press Approve or answer."
    ]
    assert (after.own_folder(task.id) / "notes.md").read_text() == "kept"
    assert after.task(task.id).state is TaskState.WAITING
    assert after.approve(task.id).state is TaskState.DONE
    assert not (office.reports / "a.txt").exists()
    assert verified(invoke, place / "restored").startswith("The audit log is whole")


def test_what_a_task_replaced_comes_back_with_an_undo_after_a_restore(new_office, backup, restored):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/a.txt", "content": "new"})),
        lambda _: calls(("delete_file", {"path": f"{office.reports}/b.txt"})),
        text("Done."),
    )
    before = office.tree()
    task = office.begin()
    assert office.approve(office.approve(task.id).id).state is TaskState.DONE
    assert "4 files for Undo" in backup(office)
    shutil.rmtree(office.home)

    after = restored(office)
    after.intake.undo(ANA, task.id, 0)
    assert after.work(task.id).state is TaskState.DONE
    assert after.tree() == before


def test_without_it_an_undo_after_a_restore_says_that_it_is_not_kept(new_office, restored, invoke, place):
    office = new_office(
        lambda _: calls(("delete_file", {"path": f"{office.reports}/b.txt"})),
        text("Done."),
    )
    task = office.begin()
    office.approve(task.id)
    url = {"COWORK_HOME": str(office.home), "COWORK_DATABASE_URL": str(office.database.url)}
    said = invoke("backup", str(place / "backup.tar.gz"), "--without-kept", **url)
    assert (said.exit_code, "for Undo" in said.stdout) == (0, False)

    after = restored(office)
    assert not (after.home / "kept").exists()
    after.intake.undo(ANA, task.id, 0)
    assert "what it replaced is not kept" in after.work(task.id).answer


def test_what_is_being_written_for_undo_is_left_out(new_office, backup, restored):
    office = new_office(
        lambda _: calls(("delete_file", {"path": f"{office.reports}/b.txt"})),
        text("Done."),
    )
    office.approve(office.begin().id)
    (office.home / "kept" / "contents" / ".half").write_text("x")
    assert "2 files for Undo" in backup(office)
    assert not (restored(office).home / "kept" / "contents" / ".half").exists()


def test_a_backup_made_while_tasks_are_started_is_of_one_moment(new_office, backup, restored, invoke, place):
    office = new_office(changes={"open_tasks": 10**6})
    begun, enough = threading.Event(), threading.Event()

    def busy() -> None:
        while not enough.is_set():
            if office.start() >= 20:
                begun.set()

    writer = threading.Thread(target=busy)
    writer.start()
    begun.wait()
    said = backup(office)
    enough.set()
    writer.join()
    restored(office)
    count = int(said.partition(" tasks,")[0].rpartition(" ")[2].replace(",", ""))
    assert count >= 20
    tasks = invoke("audit", "export", COWORK_HOME=str(place / "restored")).stdout.count('"started"')
    assert tasks == count
    assert verified(invoke, place / "restored").startswith("The audit log is whole")


def test_after_a_restore_what_was_at_work_waits_for_a_look_and_says_so(new_office, backup, restored):
    office = new_office(text("Done."))
    queued, working = office.start(), office.start()
    assert office.claimed(working) is not None
    backup(office)
    after = restored(office)
    office.clock.forward(days=3000)
    for task_id in (queued, working):
        task = after.task(task_id)
        assert task.state is TaskState.PAUSED
        assert task.note.startswith("I was brought back from a backup of 20")
        assert after.claimed(task_id) is None
    after.intake.retry(task.person, working)
    assert after.work(working).state is TaskState.DONE


def test_after_a_restore_a_message_is_looked_for_before_it_is_posted(new_office, backup, restored):
    office = new_office()
    task = office.task(office.start())
    backup(office)
    office.clock.forward(days=3000)
    after = restored(office)
    with after.database.read() as session:
        posts = {post.kind: post for post in outbox.due(session, now=office.clock())}
    card = posts[PostKind.CARD]
    assert (card.is_unknown, card.started_at) == (True, task.created_at)
    assert posts[PostKind.NOTE].ref == after.task(task.id).note


@pytest.mark.parametrize("written", ["within the home", "in full, as it was before"])
def test_a_file_that_was_handed_over_and_not_uploaded_yet_is_uploaded_after_a_restore(
    written, new_office, backup, restored, place
):
    office = new_office(
        lambda _: calls(("write_file", {"path": "report.md", "content": "kept"})),
        lambda _: calls(("deliver", {"path": "report.md", "title": "Report"})),
        text("Done."),
    )
    task = office.begin()
    [handed] = [entry for entry in office.entries(task.id) if entry.deliverable is not None]
    assert handed.deliverable.path.startswith("delivered/")
    if written != "within the home":
        old = Result(text="", deliverable=office.record.deliverable(task.id, handed.call.id))
        with office.database.write("test") as session:
            stored.answer(session, task.id, handed.call.id, old, now=office.clock())
    backup(office)
    shutil.rmtree(office.home)

    after = restored(office)
    with after.database.read() as session:
        [post] = [post for post in outbox.due(session, now=FAR) if post.kind is PostKind.FILE]
    [upload] = Announcer(after.record).shown(post).uploads
    body, size = upload.open()
    with body:
        assert (upload.title, body.read(), size) == ("Report", b"kept", 4)
    assert str(upload.path).startswith(f"{place}/restored/delivered/{task.id}/")


def test_a_backup_is_readable_for_its_owner_alone_and_leaves_nothing_beside_it(new_office, backup, place):
    backup(new_office())
    assert stat.S_IMODE((place / "backup.tar.gz").stat().st_mode) == 0o600
    assert sorted(path.name for path in place.iterdir()) == ["backup.tar.gz", "office"]


def test_a_file_that_exists_is_kept(invoke, place):
    (place / "precious").write_text("precious")
    result = invoke("backup", "precious")
    line = f"{place}/precious exists, and is kept. Give a new name.\n"
    assert (result.exit_code, result.stderr) == (2, line)
    assert (place / "precious").read_text() == "precious"


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_a_database_that_is_not_ours_to_use_is_named(verb, invoke):
    result = invoke(verb, "b.tar.gz", COWORK_DATABASE_URL="mysql://h/d")
    line = "mysql is not a database that Cowork can use. Use postgresql+psycopg://USER:PASSWORD@HOST/NAME"
    assert (result.exit_code, result.stderr.startswith(line)) == (2, True)


def test_a_folder_that_is_not_there_is_one_clear_line(invoke, place):
    result = invoke("backup", "away/b.tar.gz")
    line = f"There is no folder {place}/away. Make it first, or write the backup elsewhere.\n"
    assert (result.exit_code, result.stderr) == (2, line)


def test_without_a_database_there_is_nothing_to_back_up(invoke, place):
    result = invoke("backup", "b.tar.gz")
    assert (result.exit_code, result.stderr) == (2, f"There is no database at {place}/state/cowork.sqlite.\n")
    assert list(place.glob("*b.tar.gz*")) == []


def test_a_home_in_use_is_kept(new_office, backup, invoke, place):
    backup(new_office())
    (place / "used").mkdir()
    (place / "used" / "cowork.sqlite").write_text("mine")
    result = invoke("restore", "backup.tar.gz", "--home", str(place / "used"))
    assert result.exit_code == 2
    assert "/used/cowork.sqlite is in use, and is kept." in result.stderr
    assert (place / "used" / "cowork.sqlite").read_text() == "mine"


def test_cowork_may_run_during_a_backup_but_not_during_a_restore(
    cowork: Callable[..., Cowork], invoke: Invoke, place: Path
):
    process = cowork("up")
    process.until(lambda line: line.startswith("  Open "))
    assert invoke("backup", "b.tar.gz").exit_code == 0
    with tarfile.open(place / "b.tar.gz") as archive:
        assert archive.getnames() == ["cowork.sqlite", "local-slack.sqlite", "backup.json"]
    result = invoke("restore", "b.tar.gz")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Cowork is already running on {place}/state (process {process.pid}).")


@pytest.mark.parametrize("share", [0, 0.1, 0.6, 0.99])
def test_a_damaged_backup_is_refused_and_the_home_stays_empty(share, new_office, backup, invoke, place):
    backup(new_office())
    size = (place / "backup.tar.gz").stat().st_size
    os.truncate(place / "backup.tar.gz", int(size * share))
    result = invoke("restore", "backup.tar.gz")
    assert result.exit_code == 2
    assert "backup.tar.gz is damaged, or is not a backup of Cowork" in result.stderr
    assert [path.name for path in (place / "state").iterdir()] == ["lock"]


@pytest.mark.parametrize(
    "name", ["../evil", "/tmp/evil", "tasks/../../evil", "lock", "tasks/1/../../../evil"]
)
def test_a_backup_that_would_write_elsewhere_is_refused(name, invoke, place):
    with tarfile.open(place / "backup.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    result = invoke("restore", "backup.tar.gz")
    assert (result.exit_code, f"it holds {name}" in result.stderr) == (2, True)
    assert list(place.rglob("evil")) == []


def test_a_backup_with_a_flipped_bit_is_refused(new_office, backup, invoke, place):
    office = new_office(lambda _: calls(("write_file", {"path": "n.md", "content": "kept"})), text("Done."))
    office.begin()
    backup(office)
    whole = gzip.decompress((place / "backup.tar.gz").read_bytes())
    packed = bytearray(gzip.compress(whole.replace(b"kept", b"lost")))
    packed[-8:] = (place / "backup.tar.gz").read_bytes()[-8:]
    (place / "backup.tar.gz").write_bytes(packed)
    result = invoke("restore", "backup.tar.gz")
    assert (result.exit_code, "backup.tar.gz is damaged" in result.stderr) == (2, True)


def test_a_link_in_a_backup_is_refused(invoke, place):
    with tarfile.open(place / "backup.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("tasks/1")
        entry.type, entry.linkname = tarfile.SYMTYPE, str(place)
        archive.addfile(entry)
    assert "tasks/1 is not a file" in invoke("restore", "backup.tar.gz").stderr


def test_a_backup_whose_audit_log_was_changed_is_refused(new_office, backup, invoke, place):
    office = new_office()
    office.start()
    with office.database.write("test") as session:
        session.connection().exec_driver_sql("UPDATE audit SET actor = 'nobody'")
    url = str(office.database.url)
    result = invoke("backup", "backup.tar.gz", COWORK_HOME=str(office.home), COWORK_DATABASE_URL=url)
    assert (result.exit_code, result.stderr.startswith("The audit log was broken before: entry 1")) == (
        1,
        True,
    )
    result = invoke("restore", "backup.tar.gz")
    assert (result.exit_code, "broken at entry 1" in result.stderr) == (2, True)


@pytest.mark.parametrize(("verb", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_with_postgresql_its_own_tools_are_named(verb, tool, invoke, place):
    url = "postgresql+psycopg://me:secret@127.0.0.1:1/c"
    result = invoke(verb, "b.tar.gz", COWORK_DATABASE_URL=url)
    assert (result.exit_code, tool in result.stderr, "secret" in result.stderr) == (2, True, False)
    assert f"copies of {place}/state/tasks, {place}/state/delivered and {place}/state/kept" in result.stderr
