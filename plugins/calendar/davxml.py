"""What CalDAV is asked in XML, and its answers read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from plugins.calendar.event import Span

DAV = "{DAV:}"
CAL = "{urn:ietf:params:xml:ns:caldav}"
_SPACES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'

WHO = f"<propfind {_SPACES}><prop><current-user-principal/></prop></propfind>"
HOME = (
    f"<propfind {_SPACES}><prop><C:calendar-home-set/><C:calendar-user-address-set/><displayname/>"
    "</prop></propfind>"
)
CALENDARS = (
    f"<propfind {_SPACES}><prop><resourcetype/><displayname/><C:calendar-timezone/>"
    "<C:supported-calendar-component-set/><current-user-privilege-set/></prop></propfind>"
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an answer says of one thing: its properties, by their names in full."""

    href: str
    props: dict[str, Element] = field(default_factory=dict)

    def hrefs(self, name: str) -> list[str]:
        """The addresses in a property."""
        prop = self.props.get(name)
        return [] if prop is None else [(one.text or "").strip() for one in prop.iter(f"{DAV}href")]

    def text(self, name: str) -> str:
        prop = self.props.get(name)
        return "" if prop is None else (prop.text or "").strip()

    def holds(self, name: str, inner: str) -> bool:
        prop = self.props.get(name)
        return prop is not None and prop.find(f".//{inner}") is not None


def events_in(span: Span) -> str:
    """The question for the entries that touch a span."""
    start, end = _moment(span.start), _moment(span.end)
    return (
        f"<C:calendar-query {_SPACES}><prop><getetag/><C:calendar-data/></prop><C:filter>"
        f'<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="{start}" end="{end}"/>'
        "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    )


def read(content: bytes) -> list[Found] | None:
    """None for what is no such answer."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    if root.tag != f"{DAV}multistatus":
        return None
    return [
        Found(href=(response.findtext(f"{DAV}href") or "").strip(), props=dict(_props(response)))
        for response in root.iter(f"{DAV}response")
    ]


def _props(response: Element) -> Iterator[tuple[str, Element]]:
    """Those that are there."""
    for part in response.iter(f"{DAV}propstat"):
        status = (part.findtext(f"{DAV}status") or "").split()
        prop = part.find(f"{DAV}prop")
        if prop is not None and status[1:2] == ["200"]:
            yield from ((one.tag, one) for one in prop)


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"
