"""Radicale keeps an event for whoever has the password."""

from __future__ import annotations

import httpx2

from tests.counterparts.caldav import CalDav

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:one
DTSTAMP:20261123T080000Z
DTSTART:20261123T090000Z
DTEND:20261123T100000Z
SUMMARY:Kickoff
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_an_event_is_kept_and_a_wrong_password_is_refused(radicale: CalDav) -> None:
    url = f"{radicale.url}/ana/work/one.ics"
    with httpx2.Client(auth=(radicale.user, radicale.password)) as ana:
        assert ana.put(url, content=EVENT, headers={"Content-Type": "text/calendar"}).status_code == 201
        assert "SUMMARY:Kickoff" in ana.get(url).text
        again = ana.put(url, content=EVENT, headers={"Content-Type": "text/calendar", "If-None-Match": "*"})
        assert again.status_code == 412
    assert httpx2.get(url, auth=(radicale.user, "wrong")).status_code == 401
    assert httpx2.get(url, auth=(radicale.other_user, radicale.password)).status_code in (403, 404)


def test_what_one_test_wrote_the_next_does_not_see(radicale: CalDav) -> None:
    with httpx2.Client(auth=(radicale.user, radicale.password)) as ana:
        url = f"{radicale.url}/ana/work/two.ics"
        ana.put(url, content=EVENT, headers={"Content-Type": "text/calendar"})
        radicale.empty()
        assert ana.get(url).status_code == 404
