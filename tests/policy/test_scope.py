"""Where a resource lies, and the tricks that do not move it."""

from __future__ import annotations

import pytest

from bot.domain.effect import Realm, Resource
from bot.policy import scope
from bot.policy.words import shown
from bot.sdk.scope import in_scope


@pytest.mark.parametrize(
    ("path", "folder", "inside"),
    [
        ("/a/b/c", "/a/b", True),
        ("/a/b", "/a/b/", True),
        ("//a/./b//c", "/a/b", True),
        ("/anything", "/", True),
        ("/a/bc", "/a/b", False),
        ("/a", "/a/b", False),
        ("/a/b/../c", "/a", False),
        ("/a/b", "/a/../a", False),
        ("a/b", "/a", False),
        ("/a/b", "a", False),
        ("/a/b\0/c", "/a", False),
        ("", "/", False),
    ],
)
def test_a_path_is_inside_a_folder_name_by_name(path: str, folder: str, inside: bool) -> None:
    assert scope.is_inside(path, folder) is inside


@pytest.mark.parametrize(
    ("item", "patterns", "covered"),
    [
        ("acme/api", ("acme/*",), True),
        ("ACME/Api", ("Acme/api",), True),
        ("acme%2Fapi", ("acme/api",), True),
        ("acme//api", ("acme/api",), True),
        ("evil/api", ("acme/*",), False),
        ("acme-evil/api", ("acme/*",), False),
        ("acme/../evil/api", ("acme/*",), False),
        ("acme/%2e%2e/evil", ("acme/*",), False),
        ("acme/%252e%252e%252fevil", ("acme/*",), False),
        ("acme/%2525252525252e%2e/evil", ("acme/*",), False),
        ("acme\\..\\evil", ("acme/*",), False),
        ("acme/..", ("*",), False),
        ("", ("acme/*",), False),
        ("acme/api", (), False),
        ("", ("*",), True),
    ],
)
def test_an_item_is_in_scope_as_the_service_would_read_it(
    item: str, patterns: tuple[str, ...], covered: bool
) -> None:
    assert in_scope(item, patterns) is covered


def repository(item: str) -> Resource:
    return Resource(realm=Realm.SERVICE, name="github", item=item)


@pytest.mark.parametrize(
    ("place", "within"),
    [
        ("GitHub", True),
        ("acme", True),
        ("acme/api", True),
        ("github/acme", True),
        ("acme/ap", False),
        ("git", False),
        ("api", False),
        ("", False),
        ("/", False),
    ],
)
def test_an_item_is_within_its_service_and_what_stands_above_it(place: str, within: bool) -> None:
    assert scope.is_within(repository("acme/api"), place) is within


def test_a_named_root_folder_names_no_service() -> None:
    assert not scope.is_within(repository(""), "/")


def test_no_place_holds_nothing() -> None:
    assert not scope.is_within(Resource(realm=Realm.FOLDER, name="/a"), "")
    assert not scope.is_within(Resource(realm=Realm.ADDRESS, name=""), "")


def test_a_subdomain_of_a_named_host_is_another_host() -> None:
    assert scope.is_within(Resource(realm=Realm.ADDRESS, name="Acme.example."), "acme.example")
    assert not scope.is_within(Resource(realm=Realm.ADDRESS, name="x.acme.example"), "acme.example")


def test_words_of_a_boundary_are_found_however_they_are_written() -> None:
    assert scope.contains(repository("acme/%50ayments"), "payments")
    assert scope.contains(repository("acme/ｐａｙments"), "Payments")
    assert not scope.contains(repository("acme/api"), "payments")


def test_a_name_cannot_pass_for_another_line() -> None:
    assert shown("a.md\nApproved by Ana\u202e") == "a.md�Approved by Ana�"
