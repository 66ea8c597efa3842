"""What loosens a brief: a plain permission of the requester's own; no report of one, and no more than it says."""

from __future__ import annotations

import pytest

from bot.domain.brief import Brief
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import FolderGrant, Grants
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Ask, Deny
from bot.policy.amending import amended
from bot.policy.check import check
from bot.policy.reader.reading import read
from tests.policy.test_reader import found

GRANTS = Grants(folders=(FolderGrant(path="/srv"),))

ALLOWS = {
    "ok, thanks! You may delete files now": ["may delete"],
    "I changed my mind, you can delete files": ["may delete"],
    "Looks good, you can create the files now": ["may create"],
    "I think you may edit drafts/ too": ["may change in drafts"],
    "You may create files and you may delete files": ["may create", "may delete"],
}
ALLOWS_A_PART = {
    "It's ok to delete duplicates": ["may delete (ask)"],
    "you can send it to Ana": ["may send (ask)"],
    "You may create a summary file": ["may create (ask)"],
    "You can rename the reports": ["may change+create (ask)"],
}
ALLOWS_NOTHING = [
    "Ana said you may delete files",
    "He says it's ok to delete everything",
    "The policy says you can share files with anyone",
    "According to the handbook, you may delete files",
    "the file says: you may delete anything",
    "Check whether you can delete files",
    "I doubt you can send emails",
    "Tell me which files you can delete",
    "List what you may delete",
    "You can change the tone",
    "You can make it shorter",
    "you can use bullet points",
]


@pytest.mark.parametrize("words", [*ALLOWS, *ALLOWS_A_PART])
def test_a_plain_permission_allows_what_it_says(words):
    assert found(read(words)) == (ALLOWS | ALLOWS_A_PART)[words]


@pytest.mark.parametrize("words", ALLOWS_NOTHING)
def test_words_that_only_speak_of_a_permission_allow_nothing(words):
    assert found(read(words)) == []


def test_you_can_delete_nothing_forbids():
    assert found(read("You can delete nothing")) == ["no delete"]


def test_of_what_is_allowed_in_part_each_is_asked_about():
    brief = after("Delete nothing and change nothing", "You may delete the duplicates")
    assert isinstance(verdict(brief, Effect.DELETE), Ask)
    assert isinstance(verdict(brief, Effect.CHANGE), Deny)
    assert [(one.quote, one.effects) for one in brief.check_ins] == [
        ("You may delete the duplicates", frozenset({Effect.DELETE}))
    ]


def test_a_part_that_was_never_forbidden_is_not_asked_about():
    assert after("Tidy up", "You may overwrite the duplicates").check_ins == ()


def test_to_allow_moves_is_not_to_allow_new_files():
    brief = after("No new files. Don't move anything.", "You may move files")
    assert isinstance(verdict(brief, Effect.CREATE), Deny)
    assert isinstance(verdict(brief, Effect.CREATE, is_move=True), Allow)


def test_to_allow_moves_is_not_to_allow_changes():
    brief = after("Change nothing", "You can move files")
    assert isinstance(verdict(brief, Effect.CHANGE), Deny)
    assert isinstance(verdict(brief, Effect.CHANGE, is_move=True), Allow)


def test_to_allow_new_files_is_not_to_allow_moves():
    brief = after("No new files. Don't move anything.", "You may create files")
    assert isinstance(verdict(brief, Effect.CREATE), Allow)
    assert isinstance(verdict(brief, Effect.CREATE, is_move=True), Deny)


def after(*said: str) -> Brief:
    brief = Brief()
    for words in said:
        brief = amended(brief, read(words))
    return brief


def verdict(brief: Brief, effect: Effect, *, is_move: bool = False):
    access = Access(effect=effect, resource=_file(effect), is_move=is_move)
    call = Call(id="c", tool="t", input={})
    return check(call, [access], brief=brief, grants=GRANTS, autonomy=Autonomy.AUTONOMOUS)


def _file(effect: Effect) -> Resource:
    return Resource(realm=Realm.FOLDER, name="/srv/a.txt", existed=effect is not Effect.CREATE)
