"""What stood at a place when a person was shown a call: its approval holds only while that is still so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.domain.pin import Pin

MOST_TEXT = 256_000
_ACCOUNT = "account:"
_PIN = "pin:"


@dataclass(frozen=True, kw_only=True)
class Basis:
    """`place` is a real path. `print` tells what stood there from all else, and is "" where nothing did.

    `size` is that of a file in bytes, `count` how many things were in a folder, `changed` when a file was last
    written (UTC, to the minute). `text` is that of a short text file, so that what changes in it can be told.
    `is_read`: the call only reads there, and goes where a link leads.
    """

    place: str
    print: str = ""
    size: int = 0
    count: int = 0
    changed: str = ""
    text: str = ""
    is_read: bool = False

    @property
    def is_folder(self) -> bool:
        return self.print.startswith("folder:")

    @property
    def is_file(self) -> bool:
        return self.print.startswith(("file:", "large:"))

    @property
    def account(self) -> str:
        """As whom a call to the service at this place would be made, in words; "" for any other basis."""
        return self.print.removeprefix(_ACCOUNT) if self.print.startswith(_ACCOUNT) else ""

    @property
    def is_pin(self) -> bool:
        """It tells in which words, and of which server, the tool at this place was accepted."""
        return self.print.startswith(_PIN)

    def is_touched_by(self, place: str) -> bool:
        """Whether a call that was at `place` was here, in this, or above it. One at no place ("") was nowhere."""
        if not place:
            return False
        return place == self.place or place.startswith(f"{self.place}/") or self.place.startswith(f"{place}/")


def of_account(service: str, account: str) -> Basis:
    """What a call to a service is based on: whose account makes it. "" where no account is used."""
    return Basis(place=service, print=f"{_ACCOUNT}{account}" if account else "")


def of_pin(tool: str, pin: Pin | None) -> Basis:
    """What a call of a connector is based on: the tool as an admin accepted it, of this very server, as that was set up
    and signed in to."""
    if pin is None:
        return Basis(place=tool, print=_PIN)
    return Basis(place=tool, print=f"{_PIN}{pin.definition} {pin.way} {pin.sign_in} {pin.server}")


def lean(bases: Iterable[Basis], room: int = MOST_TEXT) -> Iterator[Basis]:
    """The same, with the texts of the first only, as far as `room` (in characters) reaches."""
    for basis in bases:
        room -= len(basis.text)
        yield basis if room >= 0 or not basis.text else replace(basis, text="")
