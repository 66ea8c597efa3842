"""What is found and read in a Drive that remembers."""

from __future__ import annotations

import httpx2
import pytest

from bot.errors import NotAllowed, SignInNeeded, ToolError
from bot.sdk.trial import Trial
from plugins.google import plugin
from tests.counterparts.emulate import Emulate
from tests.plugins.google.conftest import connection


def test_it_says_whose_account_is_connected_and_which_folders_there_are(drive: Trial) -> None:
    client = plugin.client(drive.connection)
    assert plugin.check(client).account == "ana@example.com"
    assert [(one.id, one.title) for one in plugin.discover(client, "meet")] == [("meetings", "Meetings")]


def test_a_token_that_was_taken_back_asks_for_a_sign_in(drive: Trial, emulate: Emulate) -> None:
    emulate.forget("google", "ya29.ana")
    with pytest.raises(SignInNeeded, match="Google refused the sign-in"):
        drive.run("search_files", query="notes")


def test_files_are_found_with_their_kind_id_and_link(drive: Trial) -> None:
    found = drive.run("search_files", query="notes")
    assert "Meeting notes · Google Doc · changed" in found.text
    assert "id notes-doc · https://drive.google.com/file/d/notes-doc/view" in found.text
    assert "notes-doc" in found.ids
    only = drive.run("search_files", query="", kind="folder").text
    assert "Meetings" in only and "agenda.md" not in only


def test_a_search_gives_nothing_of_what_was_not_granted(drive: Trial) -> None:
    narrow = drive.within("meetings")
    found = narrow.run("search_files", query="a")
    assert {"meetings", "notes-doc", "agenda"} == set(found.ids)
    assert "salar" not in found.text.lower()
    assert found.text.endswith("Only what was granted is shown.")


def test_a_folder_is_listed_in_pages(drive: Trial, emulate: Emulate) -> None:
    for number in range(25):
        about = {"name": f"{number:02} – näme", "parents": ["private"]}
        httpx2.post(
            f"{emulate.google.url}/drive/v3/files", json=about, headers={"Authorization": "Bearer ya29.ana"}
        )
    first = drive.run("list_folder", folder="private")
    assert first.text.startswith("20 files in this folder:\n- 00 – näme")
    assert 'More with cursor="20".' in first.text
    second = drive.run("list_folder", folder="private", cursor="20")
    assert not set(first.ids) & set(second.ids)
    assert "salaries.csv" in second.text and "More" not in second.text


def test_an_empty_folder_says_so(drive: Trial, emulate: Emulate) -> None:
    made = httpx2.post(
        f"{emulate.google.url}/drive/v3/files",
        json={"name": "New", "mimeType": "application/vnd.google-apps.folder"},
        headers={"Authorization": "Bearer ya29.ana"},
    ).json()
    assert drive.run("list_folder", folder=made["id"]).text == "No files in this folder found."


def test_where_everything_begins_is_what_was_granted(drive: Trial) -> None:
    assert {"meetings", "private"} <= set(drive.run("list_folder").ids)
    assert drive.within("meetings").run("list_folder").ids == ("meetings",)


@pytest.mark.parametrize("tool", ["get_file", "read_file", "list_comments"])
def test_a_file_outside_of_the_granted_folders_is_not_read(drive: Trial, tool: str) -> None:
    narrow = drive.within("meetings")
    with pytest.raises(NotAllowed, match="salaries is outside of meetings"):
        narrow.run(tool, file="salaries")


def test_a_file_deep_in_a_granted_folder_is_read_and_one_whose_folder_is_not_visible_is_not(
    drive: Trial, emulate: Emulate
) -> None:
    def made(name: str, parent: str, kind: str = "application/vnd.google-apps.folder") -> str:
        about = {"name": name, "parents": [parent], "mimeType": kind}
        headers = {"Authorization": "Bearer ya29.ana"}
        url = f"{emulate.google.url}/drive/v3/files"
        return str(httpx2.post(url, json=about, headers=headers).json()["id"])

    deep = made("deep.txt", made("Inner", made("Outer", "meetings")), "text/plain")
    lost = made("lost.txt", "a-folder-of-bens", "text/plain")
    narrow = drive.within("meetings")
    assert "Name: deep.txt" in narrow.run("get_file", file=deep).text
    with pytest.raises(NotAllowed):
        narrow.run("get_file", file=lost)


@pytest.mark.parametrize(
    "trick", ["../meetings", "meetings/../salaries", "meetings%2F..%2Fsalaries", "%2e%2e", ".", "a b", "é"]
)
def test_path_tricks_name_nothing(drive: Trial, trick: str) -> None:
    for tool, name in (("read_file", "file"), ("list_folder", "folder")):
        with pytest.raises(ToolError, match="neither an id nor a link"):
            drive.within("meetings").run(tool, **{name: trick})


@pytest.mark.parametrize(
    "link",
    [
        "https://docs.google.com/document/d/agenda/edit#heading=h.1",
        "https://docs.google.com/document/u/0/d/agenda/edit",
        "https://drive.google.com/file/d/agenda/view?usp=sharing",
        "https://drive.google.com/open?id=agenda",
    ],
)
def test_a_link_from_the_browser_names_the_file(drive: Trial, link: str) -> None:
    assert drive.run("read_file", file=link).ids == ("agenda",)


def test_a_link_elsewhere_names_nothing(drive: Trial) -> None:
    with pytest.raises(ToolError, match="neither an id nor a link"):
        drive.run("read_file", file="https://evil.example/document/d/agenda/edit")


def test_a_text_file_is_read_in_parts(drive: Trial) -> None:
    text = drive.run("read_file", file="agenda").text
    assert text.startswith("[agenda.md · text/markdown · https://drive.google.com/file/d/agenda/view]")
    assert "- Ana: budget by Friday" in text
    assert "budget by Friday" in drive.run("read_file", file="agenda", offset=15).text
    assert "# Agenda" not in drive.run("read_file", file="agenda", offset=15).text


def test_a_file_that_is_not_there_says_so(drive: Trial) -> None:
    with pytest.raises(
        ToolError, match="Google did not find what the call names: Requested entity was not found"
    ):
        drive.run("get_file", file="nothing")


def test_what_one_person_has_another_does_not_see(drive: Trial, emulate: Emulate) -> None:
    ben = Trial(plugin=plugin, connection=connection(emulate.google.url, "ya29.ben"), folder=drive.folder)
    with pytest.raises(ToolError, match="did not find"):
        ben.run("read_file", file="salaries")


def test_a_folder_is_not_read_as_a_file(drive: Trial) -> None:
    with pytest.raises(ToolError, match="List it with list_folder"):
        drive.run("read_file", file="meetings")


def test_folders_that_lie_in_each_other_come_to_an_end(drive: Trial, emulate: Emulate) -> None:
    url, headers = f"{emulate.google.url}/drive/v3/files", {"Authorization": "Bearer ya29.ana"}
    httpx2.patch(f"{url}/meetings?addParents=private", json={}, headers=headers).raise_for_status()
    httpx2.patch(f"{url}/private?addParents=meetings", json={}, headers=headers).raise_for_status()
    with pytest.raises(NotAllowed):
        drive.within("elsewhere").run("get_file", file="agenda")
    assert drive.within("private").run("get_file", file="agenda").ids == ("agenda",)
