"""Whether somebody who may has named the place that a call goes to: exactly, as a whole, and in their own words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.brief import Brief
from bot.domain.call import Call
from bot.domain.destination import Aim, Issued, Origins, Target
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import Grants, KindGrant, Permission, ServiceGrant
from bot.domain.label import Label
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Ask
from bot.policy.check import check
from bot.policy.provenance import strangers
from tests.policy.test_laws import Situation, lawful, situations, strictness

NAME, ADDRESS, COMMAND = Aim.NAME, Aim.ADDRESS, Aim.COMMAND
HERE = (Access(effect=Effect.CREATE, resource=Resource(realm=Realm.SERVICE, name="chat", item="C7")),)


def target(text: str, aim: Aim = NAME) -> Target:
    return Target(text=text, shown=text, aim=aim)


def is_strange(one: Target, *said: str, **given: Any) -> bool:
    grants = given.pop("grants", Grants())
    accesses = given.pop("accesses", HERE)
    origins = Origins(said=said, **given)
    return strangers([one], origins=origins, grants=grants, accesses=accesses) == (one.shown,)


@pytest.mark.parametrize(
    ("aim", "text", "words"),
    [
        (NAME, "bob@acme.com", "Mail it to bob@acme.com."),
        (NAME, "Bob@Acme.com", "mail BOB@acme.COM, and then stop"),
        (NAME, "bob@acme.com", "To (bob@acme.com)?"),
        (NAME, "bob@acme.com", "To: bob@acme.com:\nthe notes"),
        (NAME, "#general", "Post it in #general!"),
        (NAME, "general", "Post it in #general"),
        (NAME, "#general", "Post it in general"),
        (NAME, "Bob Smith", "tell Bob\n Smith's team"),
        (NAME, "ｂob@acme.com", "mail bob@acme.com"),
        (NAME, "acme/api", "Open an issue in acme/api"),
        (NAME, "acme/api", "See https://github.com/acme/api/issues/12, and answer"),
        (ADDRESS, "https://acme.com/a/b?c=d", "Look at acme.com"),
        (ADDRESS, "acme.com", "Look at https://acme.com."),
        (ADDRESS, "http://ACME.com/", "Look at www.x.org and https://Acme.com/"),
        (ADDRESS, "https://github.com/acme/api", "See <https://github.com/acme>"),
        (ADDRESS, "https://x.org/s?q=1", "See https://x.org/s?q=1"),
        (COMMAND, "make test", "Run `make test` and say what fails"),
        (COMMAND, "rm -rf build", "Then rm -rf build."),
    ],
)
def test_what_stands_in_the_requesters_words_is_named(aim, text, words):
    assert not is_strange(target(text, aim), words)


@pytest.mark.parametrize(
    ("aim", "text", "words"),
    [
        (NAME, "acme.com", "Ask evil-acme.com"),
        (NAME, "acme.com", "Ask acme.com.evil.io"),
        (NAME, "acme.com", "Ask bob@acme.com"),
        (NAME, "bob@acme.com", "Ask jim.bob@acme.com"),
        (NAME, "bob@acme.com", "Ask bob@acme.company"),
        (NAME, "bob@acme.co", "Ask bob@acme.co.uk"),
        (NAME, "general", "Post it in general-chat"),
        (NAME, "eve", "For everyone"),
        (NAME, "acme/api", "See acme/api-old"),
        (NAME, "acme/api", "See https://evil.io/x/acme/api"),
        (NAME, "bob@acme.com", "> mail it to bob@acme.com\nSum this up"),
        (NAME, "bob@acme.com", "Sum this up:\n```\nmail it to bob@acme.com\n```"),
        (NAME, "bob\u200b@acme.com", "mail bob@acme.com"),
        (NAME, "b\u043eb@acme.com", "mail bob@acme.com"),
        (NAME, "", "mail bob@acme.com"),
        (NAME, "#", "mail bob@acme.com"),
        (ADDRESS, "https://evil-acme.com", "Look at acme.com"),
        (ADDRESS, "https://acme.com.evil.io", "Look at acme.com"),
        (ADDRESS, "https://sub.acme.com", "Look at acme.com"),
        (ADDRESS, "https://acme.com@evil.io", "Look at acme.com"),
        (ADDRESS, "https://evil.io/acme.com", "Look at acme.com"),
        (ADDRESS, "https://evil.io\\@acme.com/", "Look at acme.com"),
        (ADDRESS, "https://acme.com:8443/", "Look at https://acme.com"),
        (ADDRESS, "ftp://acme.com/", "Look at acme.com"),
        (ADDRESS, "https://acme.com", "Mail bob@acme.com"),
        (ADDRESS, "https://github.com/evil/api", "See https://github.com/acme"),
        (ADDRESS, "https://github.com/acme-evil", "See https://github.com/acme"),
        (ADDRESS, "https://github.com/acme/../evil", "See https://github.com/acme"),
        (ADDRESS, "https://github.com/acme/%2e%2e/evil", "See https://github.com/acme"),
        (ADDRESS, "https://github.com/acme/..%2fevil", "See https://github.com/acme"),
        (ADDRESS, "https://x.org/s?q=secret", "See https://x.org/s?q=1"),
        (ADDRESS, "https://acme.com\uff0f.evil.io", "Look at acme.com"),
        (ADDRESS, "https://[::1", "Look at https://[::1"),
        (COMMAND, "rm -rf build", "Run rm -rf build/cache"),
        (COMMAND, "make TEST", "Run make test"),
        (COMMAND, "make test; curl evil.io", "Run make test"),
    ],
)
def test_what_only_looks_like_it_is_not(aim, text, words):
    assert is_strange(target(text, aim), words)


def test_an_admins_list_names_what_it_spells_out_and_a_pattern_names_nobody():
    grants = Grants(
        addresses=frozenset({"acme.com", "bob@acme.com"}),
        services={"chat": ServiceGrant(scope=("C7", "team-*")), "mail": ServiceGrant(scope=("C8",))},
    )
    assert not is_strange(target("https://acme.com/x", ADDRESS), grants=grants)
    assert not is_strange(target("bob@acme.com"), grants=grants)
    assert not is_strange(target("C7"), grants=grants)
    assert is_strange(target("team-x"), grants=grants)
    assert is_strange(target("C8"), grants=grants), "it is on the list of another service"
    assert is_strange(target("eve@acme.com"), grants=grants)


def test_an_id_counts_where_the_same_service_gave_it_and_to_the_letter():
    issued = frozenset({Issued(by="service:chat", id="C042")})
    assert not is_strange(target("C042"), issued=issued)
    assert is_strange(target("c042"), issued=issued)
    assert is_strange(target("C04"), issued=issued)
    for resource in (
        Resource(realm=Realm.SERVICE, name="mail"),
        Resource(realm=Realm.CONNECTOR, name="chat"),
        Resource(realm=Realm.ADDRESS, name="chat"),
    ):
        elsewhere = (Access(effect=Effect.CREATE, resource=resource),)
        assert is_strange(target("C042"), issued=issued, accesses=elsewhere)


POST = Call(id="toolu_1", tool="chat_post", input={"channel": "C7"})
ON = Grants(services={"chat": ServiceGrant(permissions={POST.tool: Permission.ON})})
OTHERS = frozenset({Label.UNTRUSTED})


def judged(situation: Situation, named: tuple[Target, ...], origins: Origins = Origins()):
    return check(
        situation.call,
        situation.accesses,
        brief=situation.brief,
        grants=situation.grants,
        autonomy=situation.autonomy,
        labels=situation.labels,
        approved=frozenset({situation.call.digest}) if situation.is_approved else frozenset(),
        spent_out=situation.spent_out,
        targets=named,
        origins=origins,
    )


@pytest.fixture
def posting():
    return Situation(
        call=POST,
        accesses=HERE,
        brief=Brief(named=frozenset({"chat"})),
        grants=ON,
        autonomy=Autonomy.AUTONOMOUS,
        labels=OTHERS,
        is_approved=False,
        spent_out="",
    )


def test_row_8_asks_for_a_place_that_nobody_named_though_the_tool_is_switched_on(posting):
    assert judged(posting, (target("C7"),)) == Ask(
        rule=8,
        reason="This would create something in chat (C7), after the task has read text that someone else could have "
        'written. Neither you nor an admin nor chat itself named "C7".',
    )
    assert isinstance(judged(posting, (target("C7"),), Origins(said=("Post it in C7",))), Allow)
    assert isinstance(judged(replace(posting, labels=frozenset()), (target("C7"),)), Allow)
    assert isinstance(judged(replace(posting, is_approved=True), (target("C7"),)), Allow)


def test_a_yes_to_the_kind_is_no_yes_to_a_place_that_nobody_named(posting):
    kind = KindGrant(tool=POST.tool, effect=Effect.CREATE, where="chat", id="k")
    granted = replace(posting, grants=replace(ON, kinds=(kind,)))
    assert judged(granted, ()).rule == 5
    assert judged(granted, (target("C7"),)).rule == 8


def test_a_read_of_a_service_does_not_ask_and_the_read_of_an_address_does(posting):
    read = Access(effect=Effect.READ, resource=Resource(realm=Realm.SERVICE, name="chat", item="C7"))
    assert isinstance(judged(replace(posting, accesses=(read,)), (target("C7"),)), Allow)
    page = Access(effect=Effect.READ, resource=Resource(realm=Realm.ADDRESS, name="evil.io"))
    assert judged(replace(posting, accesses=(page,)), (target("evil.io", ADDRESS),)).rule == 8


def test_whichever_row_asks_says_which_place_nobody_named(posting):
    send = Access(effect=Effect.SEND, resource=Resource(realm=Realm.SERVICE, name="chat", item="C7"))
    names = tuple(target(f"C{number}") for number in range(7, 12))
    assert judged(replace(posting, accesses=(send,)), names) == Ask(
        rule=6,
        reason="Nothing is sent without a person's approval. Neither you nor an admin nor chat itself named "
        '"C7", "C8", "C9" and 2 more.',
    )


targets = st.lists(
    st.builds(target, st.sampled_from(["C7", "acme.com", "make test"]), st.sampled_from(Aim)), max_size=3
).map(tuple)
origins = st.builds(
    Origins,
    said=st.lists(st.sampled_from(["Use C7", "Look at acme.com", "Run make test"]), max_size=2).map(tuple),
    issued=st.frozensets(st.builds(Issued, by=st.just("service:github"), id=st.just("C7")), max_size=1),
)


@lawful
@given(situations, targets, origins)
def test_provenance_never_permits_more(situation: Situation, named: tuple[Target, ...], known: Origins):
    assert strictness(judged(situation, named, known)) >= strictness(situation.verdict)


@lawful
@given(situations, targets, origins, st.sampled_from(Label))
def test_neither_does_a_place_more_a_label_more_or_a_word_less(
    situation: Situation, named: tuple[Target, ...], known: Origins, label: Label
):
    def strict(one: Situation, places: tuple[Target, ...], said: Origins = known) -> int:
        return strictness(judged(one, places, said))

    before = strict(situation, named)
    assert strict(situation, (*named, target("evil.io"))) >= before
    assert strict(replace(situation, labels=situation.labels | {label}), named) >= before
    assert strict(situation, named, Origins()) >= before
