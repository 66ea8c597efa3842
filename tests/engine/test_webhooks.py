"""Webhooks: signed news arrives in order and at least once, at addresses out in the world, or is given up and said."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import webhook as signing
from bot.domain.approval import ApprovalState
from bot.domain.event import News
from bot.domain.token import TokenScope
from bot.engine import outward
from bot.engine.calling_back import CallingBack
from bot.engine.tokens import Tokens
from bot.engine.webhooks import MOST, Webhooks
from bot.errors import NotAllowed, NotConfigured
from bot.rehearsal.answer import calls, text
from bot.store import entries
from bot.store.sealing import Seal
from tests.engine.mortal import Death, Died, MortalDatabase
from tests.engine.office import ANA, BEN
from tests.engine.receiver import Receiver
from tests.store import databases

SEAL = Seal(("a-long-key-of-the-operator-0123456789ab",))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def webhooks(office, receiver=None):
    origins = [receiver.origin] if receiver else []
    return Webhooks(office.database, SEAL, clock=office.clock, bell=office.bell, origins=origins)


def sender(office, receiver=None):
    origins = [receiver.origin] if receiver else []
    return CallingBack(office.database, SEAL, clock=office.clock, bell=office.bell, origins=origins)


def named(office, name="ci"):
    """A token of Ana's with this name."""
    return (
        Tokens(office.database, clock=office.clock)
        .make(ANA, name, [TokenScope.WRITE], by="operator")
        .token.name
    )


def audited(office):
    with office.database.read() as session:
        found = [one for one in entries.all_of(session) if one.action.startswith("webhook_")]
    return [(one.action, json.loads(one.data)) for one in found]


def all_sent(office, receiver):
    one = sender(office, receiver)
    while one.once():
        pass


def test_the_signature_is_that_of_the_published_example_of_standard_webhooks():
    headers = signing.signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        '{"test": 2432232314}',
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        now=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_news_of_a_task_arrives_in_order_signed_and_without_the_works_own_content(new_office, receiver):
    office = new_office(
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})),
        text("The rhubarb is ripe."),
    )
    made = webhooks(office, receiver).make(ANA, receiver.url, by=named(office))
    task = office.begin("Delete a.txt in the reports folder")
    approval = office.pending(task.id)
    office.approve(task.id)

    all_sent(office, receiver)

    assert receiver.types == ["started", "asked", "decided", "done"]
    headers, body = receiver.got[1]
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"
    mac = base64.b64encode(hmac.new(key, content.encode(), hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert headers["content-type"] == "application/json"
    told = json.loads(body)["data"]
    assert told == {"task_id": task.id, "checkpoint_id": approval.id, "title": approval.draft.title}
    assert "rhubarb" not in "".join(body for _, body in receiver.got)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 4
    assert [action for action, _ in audited(office)] == ["webhook_made"]


def test_what_is_not_theirs_or_not_asked_for_is_not_told(new_office, receiver):
    office = new_office(text("Done."), text("Done."))
    webhooks(office, receiver).make(ANA, receiver.url, news=[News.DONE])
    office.begin("What is in the reports folder?", person=BEN)
    office.begin("What is in the reports folder?")
    all_sent(office, receiver)
    assert receiver.types == ["done"]


def test_a_webhook_of_one_task_hears_it_from_its_beginning_and_no_other(new_office, receiver):
    office = new_office(text("Done."), text("Done."))
    hooks = webhooks(office, receiver)
    first = office.start("What is in the reports folder?")
    made = hooks.make(ANA, receiver.url, task_id=first)
    again = hooks.make(ANA, receiver.url, task_id=first)
    office.work(first)
    office.begin("What is in the reports folder?")
    all_sent(office, receiver)
    assert receiver.types == ["started", "done"]
    assert {json.loads(body)["data"]["task_id"] for _, body in receiver.got} == {first}
    assert (again.webhook.id, again.secret) == (made.webhook.id, "")
    with pytest.raises(NotAllowed, match="tasks of one's own"):
        hooks.make(BEN, receiver.url, task_id=first)


def test_a_receiver_that_is_out_gets_it_later_and_nothing_of_that_task_before(new_office, receiver):
    office = new_office(text("Done."))
    webhooks(office, receiver).make(ANA, receiver.url)
    office.begin("What is in the reports folder?")
    receiver.says = [503, 500]
    one = sender(office, receiver)

    assert [one.once(), one.once()] == [1, 0]
    office.clock.forward(seconds=5)
    assert [one.once(), one.once()] == [1, 0]
    office.clock.forward(seconds=14)
    assert one.once() == 0
    office.clock.forward(seconds=1)
    all_sent(office, receiver)

    assert receiver.types == ["started", "started", "started", "done"]
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 2


def test_it_waits_as_long_as_the_receiver_says(new_office, receiver):
    office = new_office(text("Done."))
    webhooks(office, receiver).make(ANA, receiver.url, news=[News.DONE])
    office.begin("What is in the reports folder?")
    receiver.says, receiver.headers = [429], {"retry-after": "120"}
    one = sender(office, receiver)
    one.once()
    office.clock.forward(seconds=119)
    assert one.once() == 0
    office.clock.forward(seconds=1)
    assert one.once() == 1


def test_after_a_day_it_is_given_up_and_the_audit_log_says_so(new_office, receiver):
    office = new_office(text("Done."))
    made = webhooks(office, receiver).make(ANA, receiver.url, news=[News.DONE], by=named(office))
    task = office.begin("What is in the reports folder?")
    receiver.says = [500] * 100
    one = sender(office, receiver)
    began = office.clock()
    while one.once() or audited(office)[-1][0] != "webhook_given_up":
        office.clock.forward(minutes=10)
        assert office.clock() - began < timedelta(days=2)

    assert 8 < len(receiver.got) < 20
    said = {"task": task.id, "type": "task.done", "tries": len(receiver.got), "why": "HTTP 500"}
    about = {"webhook": made.webhook.id, "host": receiver.origin.removeprefix("http://"), "token": "ci"}
    assert audited(office)[-1] == ("webhook_given_up", {**about, **said})
    office.clock.forward(days=1)
    assert one.once() == 0


def test_a_receiver_that_says_it_is_gone_is_never_posted_to_again(new_office, receiver):
    office = new_office(text("Done."), text("Done."))
    hooks = webhooks(office, receiver)
    hooks.make(ANA, receiver.url)
    office.begin("What is in the reports folder?")
    receiver.says = [410]
    all_sent(office, receiver)
    office.begin("What is in the reports folder?")
    all_sent(office, receiver)
    assert receiver.types == ["started"]
    assert hooks.of(ANA)[0].trouble == "the receiver said that it is gone (410)"
    assert audited(office)[-1][0] == "webhook_ended"


def test_a_redirect_is_not_followed(new_office, receiver):
    office = new_office(text("Done."))
    webhooks(office, receiver).make(ANA, receiver.url, news=[News.DONE])
    office.begin("What is in the reports folder?")
    receiver.says, receiver.headers = [302], {"location": f"{receiver.origin}/elsewhere"}
    sender(office, receiver).once()
    assert len(receiver.got) == 1


def test_one_that_was_removed_hears_nothing_more_and_only_its_owner_removes_it(new_office, receiver):
    office = new_office(text("Done."))
    hooks = webhooks(office, receiver)
    made = hooks.make(ANA, receiver.url)
    office.begin("What is in the reports folder?")
    with pytest.raises(NotAllowed, match="no webhook"):
        hooks.remove(BEN, made.webhook.id)
    hooks.remove(ANA, made.webhook.id)
    all_sent(office, receiver)
    assert receiver.got == []
    assert (hooks.of(ANA), hooks.of(BEN)) == ([], [])


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "ftp://a/", "nonsense", "https://u:p@example.com/", "https://example.com/#a"],
)
def test_an_address_that_is_not_posted_to_is_refused_at_once(new_office, url):
    office = new_office()
    with pytest.raises(NotAllowed):
        webhooks(office).make(ANA, url)
    assert webhooks(office).of(ANA) == []


def test_without_a_key_of_the_operator_no_webhook_is_made(new_office):
    office = new_office()
    hooks = Webhooks(office.database, Seal(), clock=office.clock, bell=office.bell)
    with pytest.raises(NotConfigured, match="COWORK_SECRET_KEY"):
        hooks.make(ANA, "https://example.com/hook")


def test_so_many_are_enough(new_office):
    hooks = webhooks(new_office())
    for number in range(MOST):
        hooks.make(ANA, f"https://example.com/{number}")
    with pytest.raises(NotAllowed, match="Remove one first"):
        hooks.make(ANA, "https://example.com/more")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"])
def test_an_address_within_the_network_is_never_connected_to(host, receiver):
    port = receiver.server.server_port
    posted = outward.post(f"https://{host}:{port}/", b"{}", {})
    assert (posted.status, "in this network" in posted.why) == (0, True)
    assert receiver.got == []


def test_a_receiver_that_never_answers_is_left_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        posted = outward.post(url, b"{}", {}, allowed=[url], seconds=0.1)
    assert (posted.status, posted.why) == (0, "no answer (ReadTimeout)")


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("is_after", [False, True])
def test_wherever_the_sender_dies_the_news_arrives(new_office, receiver, tmp_path, at, is_after):
    database = MortalDatabase(databases.sqlite_url(tmp_path))
    office = new_office(text("Done."), database=database)
    webhooks(office, receiver).make(ANA, receiver.url, news=[News.DONE])
    office.begin("What is in the reports folder?")
    database.reborn(Death(at=at, is_after=is_after))
    with pytest.raises(Died):
        sender(office, receiver).once()
    database.reborn(None)
    office.clock.forward(minutes=1)

    all_sent(office, receiver)

    was_sent_before = at == 2
    assert receiver.types == ["done"] * (2 if was_sent_before and not is_after else 1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_the_sender_posts_by_itself_while_the_office_works(new_office, receiver):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})), text("Done."))
    webhooks(office, receiver).make(ANA, receiver.url)
    one = sender(office, receiver)
    one.start()
    task = office.begin("Delete a.txt in the reports folder")
    office.decide(task.id, ApprovalState.APPROVED)
    office.work(task.id)
    seen = 0
    while "done" not in receiver.types:
        seen = office.bell.wait(seen, 5)
    one.stop()
    assert receiver.types == ["started", "asked", "decided", "done"]


@pytest.mark.parametrize("how", ["revoked", "run out"])
def test_a_webhook_hears_no_longer_than_the_token_that_made_it(how, new_office, receiver):
    office = new_office(text("Done."), text("Done."))
    tokens = Tokens(office.database, clock=office.clock)
    made = tokens.make(ANA, "ci", [TokenScope.WRITE], by="operator", days=1).token
    webhooks(office, receiver).make(BEN, receiver.url)
    ended = webhooks(office, receiver).make(made.person, receiver.url, by=made.name).webhook
    if how == "revoked":
        tokens.revoke(made.id, by="operator")
    else:
        office.clock.forward(days=2)
    office.begin("What is in the reports folder?")
    all_sent(office, receiver)

    assert receiver.got == []
    assert [one.ended_at is None for one in (*webhooks(office).of(ANA), *webhooks(office).of(BEN))] == [
        False,
        True,
    ]
    assert [data["webhook"] for action, data in audited(office) if action == "webhook_ended"] == [ended.id]


def test_a_new_token_of_the_same_name_keeps_what_the_old_one_made_until_it_ran_out(new_office, receiver):
    office = new_office(text("Done."))
    tokens = Tokens(office.database, clock=office.clock)
    tokens.make(ANA, "ci", [TokenScope.WRITE], by="operator", days=1)
    webhooks(office, receiver).make(ANA, receiver.url, by="ci")
    office.clock.forward(days=2)
    tokens.make(ANA, "ci", [TokenScope.WRITE], by="operator", days=1)
    office.begin("What is in the reports folder?")
    all_sent(office, receiver)

    assert receiver.got
