"""A task that needs a sign-in at a connector's server pauses for it, and goes on by itself once it is made."""

from __future__ import annotations

import contextlib
import json

import pytest

from bot.connectors.hub import Hub
from bot.connectors.signed_in import SignIns
from bot.connectors.signing import Signing
from bot.domain.connected import name_of, wanted
from bot.domain.connector import Connector, Transport
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.domain.task import TaskState
from bot.domain.tooling import Toggle
from bot.engine import signing_in
from bot.engine.connectors import Actor, Connectors
from bot.rehearsal.answer import calls, text
from bot.sdk.connect import Per
from bot.services.hiding import LearningVeil
from bot.store import connections, entries, outbox
from bot.store.outbox import PostKind
from tests.connectors.remote import Remote, remote
from tests.engine.office import ANA, Office, results
from tests.services.accounts import SEAL, accounts
from tests.services.browser import Browser, Front, front
from tests.store import databases

ADMIN = Actor(person=Person(team="T1", user="UADMIN", name="Mia"), is_admin=True, is_operator=True)
READ_ON = Toggle(effect=Effect.READ, permission=Permission.ON)


def sign_in(at: Front, browser: Browser) -> str:
    link = at.linking.link_for(ANA, name_of("notes"), "mcp", Per.PERSON)
    browser.press(link, "code")
    browser.press(link, "digits", digits=at.code(ANA))
    return browser.open(browser.way_on)


def set_up(office: Office, server: Remote, at: Front, stack: contextlib.ExitStack) -> Connectors:
    """An admin saved it without a test; Ana signs in, and what it offers is seen then, and accepted."""

    def seen(connector: Connector, person: Person) -> None:
        connectors.seen(person.team, connector, connectors.hub.reconnect(connector, person))

    signing = Signing(
        SignIns(
            office.database,
            seal=SEAL,
            clock=office.clock,
            veil=LearningVeil(),
            told=signing_in.told(office.clock),
        ),
        known=lambda team, slug: connectors.one(team, slug).connector,
        secret=lambda name: name,
        inside=lambda origin: origin in connectors.approved(),
        clock=office.clock,
        public_url=at.url,
        made=seen,
    )
    connectors = Connectors(
        office.database,
        hub=lambda made: Hub(
            secret=lambda name: name, may_open=made.may_open, auth=signing.auth, clock=office.clock
        ),
        clock=office.clock,
        ending=signing.ending,
    )
    stack.callback(signing.close)
    stack.callback(connectors.close)
    at.linking.servers = signing
    notes = Connector(
        slug="notes", title="Notes", transport=Transport.HTTP, url=server.address, is_personal=True
    )
    connectors.approve(ADMIN, notes.server)
    connectors.save(ADMIN, notes, {})
    return connectors


def test_a_task_waits_for_the_sign_in_that_it_needs_and_goes_on_when_it_is_made(new_office, tmp_path) -> None:
    office = new_office(
        calls(("notes__first_note", {})),
        text("It says to buy milk."),
        database=databases.sqlite(tmp_path),
    )
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(remote())
        browser = stack.enter_context(Browser())
        at = stack.enter_context(front(accounts(office.database)))
        office.connectors = set_up(office, server, at, stack)
        assert "Notes is connected" in sign_in(at, browser)
        [tool] = office.connectors.one("T1", "notes").tools
        office.connectors.accept(ADMIN, "notes", [tool.name])
        office.connectors.permit(ADMIN, "notes", {tool.name: READ_ON})
        office.__post_init__()
        server.registrar.forget_all()

        paused = office.begin("Use notes to tell me what the first note says")

        assert paused.state is TaskState.PAUSED
        assert "needs a new sign-in" in paused.note and "as soon as you have signed in" in paused.note
        with office.database.read() as session:
            [asked] = outbox.due(session, (PostKind.SIGN_IN,), now=office.clock())
        assert (wanted(asked.ref).plugin, wanted(asked.ref).owner) == ("mcp.notes", "UANA")
        assert office.claimed(paused.id) is None

        assert "Notes is connected" in sign_in(at, browser)
        done = office.work(paused.id)

        assert (done.state, results(office.double)[0][1]) == (TaskState.DONE, False)
        assert "Buy milk" in results(office.double)[0][0]
        with office.database.read() as session:
            actions = [entry.action for entry in entries.all_of(session)]
        assert actions.count("account_connected") == 2 and actions.count("account_sign_in_needed") == 1

        office.connectors.remove(ADMIN, "notes")
        with office.database.read() as session:
            assert connections.of_plugin(session, "T1", name_of("notes")) == []


@pytest.mark.parametrize("is_approved", [True, False])
def test_removed_its_sign_ins_are_taken_back_unless_its_server_is_not_approved_any_more(
    new_office, tmp_path, is_approved: bool
) -> None:
    office = new_office(database=databases.sqlite(tmp_path))
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(remote())
        browser = stack.enter_context(Browser())
        at = stack.enter_context(front(accounts(office.database)))
        connectors = set_up(office, server, at, stack)
        assert "Notes is connected" in sign_in(at, browser)
        if not is_approved:
            connectors.withdraw(ADMIN, server.url)
        server.heard.clear()

        said = connectors.remove(ADMIN, "notes")

        assert said == ("The sign-in at its server was taken back there, too." if is_approved else "")
        assert server.paths() == ["/revoke"] * is_approved
        with office.database.read() as session:
            audited = [(one.action, json.loads(one.data)) for one in entries.all_of(session)][-2:]
            assert connections.of_plugin(session, "T1", name_of("notes")) == []
    removed = next(told for action, told in audited if action == "connector_removed")
    assert removed["sign_ins"] == 1
    assert ("account_revoked" in dict(audited)) == is_approved
