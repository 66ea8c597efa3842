"""The ways to reach a server, in the order in which to try them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.connector import Era, Transport


@dataclass(frozen=True)
class Try:
    transport: Transport
    era: Era


@dataclass(kw_only=True)
class Way:
    """How it went the last time: what worked is tried first."""

    era: Era = Era.UNKNOWN
    transport: Transport | None = None

    def tries(self, wanted: Transport) -> list[Try]:
        """The older HTTP is only spoken by servers of the older era."""
        transports = [wanted]
        if wanted is Transport.AUTO:
            both = [Transport.HTTP, Transport.SSE]
            transports = both[::-1] if self.transport is Transport.SSE else both
        found: list[Try] = []
        for transport in transports:
            if transport is Transport.SSE or self.era is Era.HANDSHAKE:
                found.append(Try(transport, Era.HANDSHAKE))
            if transport is not Transport.SSE:
                found.append(Try(transport, Era.UNKNOWN))
        return found
