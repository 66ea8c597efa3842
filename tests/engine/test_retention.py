"""The audit log is cut off at the age that the operator chose, signed for, and never in the way of work."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.audit import chain
from bot.audit.signing import Signer
from bot.engine.retention import Retention
from bot.rehearsal.answer import text
from bot.store import entries

SIGNER = Signer(("a key of the operator that is long enough",))


def verified(office: Any) -> Any:
    with office.database.read() as session:
        return chain.verify(entries.all_of(session), trusted=SIGNER.trusted)


def test_what_is_older_than_the_operator_said_is_cut_off_every_few_hours(new_office: Any) -> None:
    office, elapsed = new_office(text("Done."), text("Done.")), [0.0]
    retention = Retention(30, SIGNER, clock=office.clock, elapsed=lambda: elapsed[0])
    office.begin()
    old = verified(office).count
    office.clock.forward(days=31)
    office.begin("Do it again")

    assert retention.once(office.database) == old
    assert verified(office).pruned == old
    office.clock.forward(days=31)
    assert retention.once(office.database) == 0  # it looked a moment ago
    elapsed[0] += 7 * 3600
    assert retention.once(office.database) == old + 1
    assert isinstance(verified(office), chain.Whole)


def test_without_a_key_it_is_logged_and_everything_is_kept(
    new_office: Any, caplog: pytest.LogCaptureFixture
) -> None:
    office = new_office(text("Done."))
    office.begin()
    before = verified(office)
    office.clock.forward(days=31)

    with caplog.at_level(logging.ERROR):
        assert Retention(30, Signer(), clock=office.clock).once(office.database) == 0

    assert "COWORK_SECRET_KEY is not set" in caplog.text
    assert verified(office) == before


def test_by_default_everything_is_kept(new_office: Any) -> None:
    office = new_office(text("Done."))
    office.begin()
    before = verified(office)
    office.clock.forward(days=4000)

    assert Retention(0, SIGNER, clock=office.clock).once(office.database) == 0
    assert verified(office) == before
