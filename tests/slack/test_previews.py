"""A document is posted with a picture of its first page, in one message; without the picture it comes all the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.slack.conftest import Office

PICTURE = b"\x89PNG picture"


def handed(office: Office, picture: bytes | None) -> list[dict[str, Any]]:
    """The files of the message that brought it."""
    office.task(office.ana, "Tidy the reports")
    office.send()
    place = office.settings.home / "preview.png"
    if picture is not None:
        place.write_bytes(picture)
    office.delivered(office.working(), "report.pdf", b"%PDF", comment="Here", preview=str(place))
    office.send()
    office.send(after=2)
    [message] = [one for one in office.messages() if one["file_ids"]]
    assert message["text"] == "Here" and office.outbox() == {}
    return [office.slack.workspace.store.get("file", one) for one in message["file_ids"]]


def test_the_picture_comes_in_the_same_message_with_words_for_those_who_do_not_see_it(idle: Office) -> None:
    file, picture = handed(idle, PICTURE)
    assert (file["name"], picture["name"]) == ("report.pdf", "report (preview).png")
    assert (picture["mimetype"], picture["alt_txt"]) == ("image/png", "How report.pdf begins")
    assert idle.slack.workspace.store.content(picture["id"]) == PICTURE


@pytest.mark.parametrize("picture", [None, b""], ids=["it is gone", "Slack takes no empty file"])
def test_a_picture_that_cannot_be_posted_keeps_no_file_back(idle: Office, picture: bytes | None) -> None:
    (file,) = handed(idle, picture)
    assert file["name"] == "report.pdf"
