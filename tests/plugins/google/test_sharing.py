"""Files are shared with whom the card names, and remarked on; both are taken back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.effect import Effect
from bot.errors import ToolError
from bot.sdk.trial import Trial
from plugins.google import plugin
from tests.counterparts.prism import Prism

FILE = "/drive/v3/files/{fileId}"
HELD = f"{FILE}/permissions"
PLAN = {"id": "f1", "name": "Plan", "webViewLink": "https://docs.google.com/document/d/f1/edit?usp=drivesdk"}
BEN = {"file": "f1", "to": "ben@example.com", "role": "commenter"}


def held(official: Prism, *permissions: Any) -> None:
    official.answer(
        "GET", HELD, {"permissions": [{"id": "owner", "type": "user", "role": "owner"}, *permissions]}
    )


def named(official: Prism) -> None:
    official.answer("GET", FILE, PLAN)


def written(official: Prism) -> list[Any]:
    return [(call.method, call.path, call.body) for call in official.calls if call.method != "GET"]


def test_a_person_is_let_in_and_told_by_mail(google: Trial, official: Prism) -> None:
    held(official)
    named(official)
    made = google.run("share_file", effect_id="e1", **BEN, message="Please look 😀")
    call = official.calls[1]
    assert call.body == {"type": "user", "emailAddress": "ben@example.com", "role": "commenter"}
    assert call.query["emailMessage"] == "Please look 😀"
    assert made.receipt is not None
    assert (made.receipt.effect, made.receipt.before, made.receipt.after) == (
        Effect.PUBLISH,
        "nobody",
        "commenter",
    )
    assert not any(call.violations for call in official.calls)


@pytest.mark.parametrize(
    ("to", "sent", "shown"),
    [
        ("anyone", {"type": "anyone"}, "Let anyone with the link view the file f1 in Google Drive\n“Plan” "),
        (
            "acme.example",
            {"type": "domain", "domain": "acme.example"},
            "Let everyone at acme.example view the file f1 ",
        ),
    ],
)
def test_many_are_let_in_without_mail(google: Trial, official: Prism, to: str, sent: Any, shown: str) -> None:
    named(official)
    assert google.preview("share_file", file="f1", to=to, role="reader").startswith(shown)
    held(official)
    google.run("share_file", effect_id="e1", file="f1", to=to, role="reader")
    post = next(call for call in official.calls if call.method == "POST")
    assert post.body == sent | {"role": "reader"}
    assert "sendNotificationEmail" not in post.query
    assert not any(call.violations for call in official.calls)


def test_sharing_is_asked_of_a_person_whatever_else_is_allowed() -> None:
    assert plugin.tools["google_share_file"].effect is Effect.PUBLISH
    assert set(plugin.tools["google_share_file"].destinations) == {"to"}


def test_people_see_the_mail_that_goes_out(google: Trial, official: Prism) -> None:
    named(official)
    assert google.preview("share_file", **BEN, message="Please look") == (
        "Let ben@example.com comment on the file f1 in Google Drive\n"
        f"“Plan” {PLAN['webViewLink']}\nben@example.com may comment on it.\n"
        "Google sends them an e-mail that says:\nPlease look"
    )


@pytest.mark.parametrize("to", ["ben", "ben@example.com, eve@evil.example", "*", "a b.example", ""])
def test_only_one_that_is_plain_can_be_shared_with(google: Trial, official: Prism, to: str) -> None:
    with pytest.raises(ToolError, match="Share with one at a time"):
        google.run("share_file", effect_id="e1", file="f1", to=to, role="reader")
    assert official.calls == []


def test_who_may_as_much_already_is_left_and_who_may_less_gets_more(google: Trial, official: Prism) -> None:
    ben = {"id": "p1", "type": "user", "emailAddress": "Ben@Example.com", "role": "commenter"}
    held(official, ben)
    with pytest.raises(ToolError, match="may do that with it already"):
        google.run("share_file", effect_id="e1", **BEN | {"role": "reader"})
    held(official, ben)
    named(official)
    made = google.run("share_file", effect_id="e1", **BEN | {"role": "writer"})
    assert written(official) == [("PATCH", "/drive/v3/files/f1/permissions/p1", {"role": "writer"})]
    held(official, ben | {"role": "writer"})
    google.undo("share_file", made, **BEN | {"role": "writer"})
    assert written(official)[-1][2] == {"role": "commenter"}
    assert not any(call.violations for call in official.calls)


def test_whether_it_was_shared_is_told_by_who_can_open_it(google: Trial, official: Prism) -> None:
    held(official)
    assert google.settled("share_file", effect_id="e1", **BEN) is None
    held(official, {"id": "p1", "type": "user", "emailAddress": "ben@example.com", "role": "commenter"})
    named(official)
    assert google.settled("share_file", effect_id="e1", **BEN) is not None


def test_sharing_is_taken_back_unless_somebody_changed_it(google: Trial, official: Prism) -> None:
    held(official)
    named(official)
    made = google.run("share_file", effect_id="e1", **BEN)
    ben = {"id": "p1", "type": "user", "emailAddress": "ben@example.com", "role": "writer"}
    held(official, ben)
    with pytest.raises(ToolError, match="was changed since"):
        google.undo("share_file", made, **BEN)
    held(official, ben | {"role": "commenter"})
    assert google.undo("share_file", made, **BEN).text == "ben@example.com cannot open it by that any more."
    assert written(official)[-1][:2] == ("DELETE", "/drive/v3/files/f1/permissions/p1")


def test_a_comment_is_written_and_taken_away_while_nobody_answered(google: Trial, official: Prism) -> None:
    given = {"file": "f1", "comment": "Stimmt das? 😀"}
    named(official)
    official.answer("POST", f"{FILE}/comments", {"id": "c1"})
    made = google.run("add_comment", effect_id="e1", **given)
    assert made.receipt is not None
    assert made.receipt.where == f"{PLAN['webViewLink']}&disco=c1"
    assert written(official) == [("POST", "/drive/v3/files/f1/comments", {"content": "Stimmt das? 😀"})]
    comment = f"{FILE}/comments/{{commentId}}"
    official.answer("GET", comment, {"content": given["comment"], "replies": [{"id": "r1"}]})
    with pytest.raises(ToolError, match="was answered or changed"):
        google.undo("add_comment", made, **given)
    official.answer("GET", comment, {"content": given["comment"]})
    google.undo("add_comment", made, **given)
    assert written(official)[-1][:2] == ("DELETE", "/drive/v3/files/f1/comments/c1")
    assert not any(call.violations for call in official.calls)
