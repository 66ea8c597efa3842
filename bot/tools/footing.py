"""What one call stands on: where anything but its basis is met, right before a change, the call changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from bot.domain.basis import Basis
from bot.errors import Drifted
from bot.sdk.halt import Halt
from bot.tools import prints
from bot.tools.descent import Seat
from bot.tools.paths import Spot


class Footing:
    """`basis` holds for exactly its places; of others nothing is known, and nothing refused."""

    def __init__(self, basis: Iterable[Basis], halt: Halt, skip: prints.Skip) -> None:
        self._basis = {one.place: one for one in basis}
        self._halt = halt
        self._skip = skip

    def hold(self, spot: Spot, seat: Seat) -> None:
        """The last look, by the open folder in which something is to be changed. Raises `Drifted`."""
        was = self._basis.get(spot.real)
        if was is None:
            return
        now = prints.basis(seat, was.place, halt=self._halt, skip=self._skip)
        if now.print != was.print:
            happened = "was changed by someone just now" if was.print else "has just appeared"
            raise Drifted(f"{spot.shown} {happened}. It was kept; nothing was changed.")

    def hold_source(self, spot: Spot, file: BinaryIO) -> None:
        """The same of a file that is open to be read."""
        was = self._basis.get(spot.real)
        if was is not None and prints.of_file(file, self._halt) != was.print:
            raise Drifted(f"{spot.shown} was changed by someone just now. Nothing was copied.")
