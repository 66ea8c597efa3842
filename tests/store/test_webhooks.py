"""Deliveries are put with the news, wait in order per task, and are gone once they arrived, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.webhook import Webhook
from bot.store import webhooks
from tests.store.conftest import ANA, NOW

HOOK = Webhook(
    id="wh_1", owner=ANA, url="https://example.com/", news=(News.ASKED, News.DONE), made_at=NOW, made_by="ci"
)


def due(session, *busy, after=timedelta()):
    found = webhooks.due(session, now=NOW + after, busy=busy, limit=10)
    return [(one.webhook.id, one.task_id, one.news) for one in found]


def test_only_the_first_of_each_task_is_due_and_the_next_once_it_is_over(database, new_task):
    other = replace(HOOK, id="wh_2", owner=Person(team="T1", user="UBEN", name="Ben"))
    with database.write("test") as session:
        first, second = new_task(session).id, new_task(session).id
        for hook in (HOOK, other):
            webhooks.keep(session, hook, sealed="sealed")
        for task_id, news in (
            (first, News.ASKED),
            (first, News.DONE),
            (second, News.SAID),
            (second, News.DONE),
        ):
            webhooks.announce(session, task_id, news, {}, now=NOW)
    with database.write("test") as session:
        assert due(session) == [("wh_1", first, News.ASKED), ("wh_1", second, News.DONE)]
        assert due(session, "wh_1") == []
        one = webhooks.due(session, now=NOW, busy=(), limit=1)[0]
        assert one.webhook == HOOK
        assert webhooks.claim(session, one, until=NOW + timedelta(minutes=1))
        assert not webhooks.claim(session, one, until=NOW + timedelta(minutes=1))
        assert due(session) == [("wh_1", second, News.DONE)]
        webhooks.later(session, one, at=NOW + timedelta(seconds=5))
        assert due(session, after=timedelta(seconds=5))[-1] == ("wh_1", first, News.ASKED)
        assert webhooks.over(session, one)
        assert not webhooks.over(session, one)
        assert due(session) == [("wh_1", first, News.DONE), ("wh_1", second, News.DONE)]


def test_an_ended_webhook_keeps_why_and_is_told_nothing(database, new_task):
    with database.write("test") as session:
        task_id = new_task(session).id
        webhooks.keep(session, HOOK, sealed="sealed")
        webhooks.announce(session, task_id, News.ASKED, {}, now=NOW)
        assert webhooks.end(session, HOOK.id, why="gone", now=NOW)
        assert not webhooks.end(session, HOOK.id, why="again", now=NOW)
        webhooks.announce(session, task_id, News.DONE, {}, now=NOW)
        assert due(session) == []
        assert webhooks.of_owner(session, ANA) == [replace(HOOK, ended_at=NOW, trouble="gone")]
        assert webhooks.forget(session, ANA, HOOK.id) is not None
        assert webhooks.of_owner(session, ANA) == []
