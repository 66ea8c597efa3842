"""An OAuth 2 and OpenID provider: oauth2-mock-server, for those that `emulate` does not play (Atlassian)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.counterparts.orders import Orders


@dataclass(frozen=True, kw_only=True)
class OAuthProvider:
    """At `{url}/authorize`, `/token`, `/userinfo`, `/revoke`, `/jwks`: any client; whoever asks is let in at once.

    A code and a refresh token are good once. A verifier (PKCE) must fit its challenge.
    """

    url: str
    orders: Orders

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What came to /token and /revoke: `path`, `body`, and the headers of the first."""
        return list(self.orders.give("calls"))

    def deny(self) -> None:
        """The next person asked says no: back with error=access_denied."""
        self.orders.give("deny")

    def refuse(self, error: str = "invalid_grant") -> None:
        """The next call to /token is answered 400."""
        self.orders.give("refuse", error=error)

    def forget(self) -> None:
        """All refresh tokens have run out."""
        self.orders.give("forget")

    def lasting(self, seconds: int) -> None:
        """Access tokens say that they last so long, from now on."""
        self.orders.give("lasting", seconds=seconds)

    def person(self, **claims: Any) -> None:
        """Who signs in: said by the id token and by /userinfo."""
        self.orders.give("person", claims=claims)

    def reset(self) -> None:
        self.orders.give("reset")


def started(orders: Orders) -> OAuthProvider:
    return OAuthProvider(url=orders.give("start"), orders=orders)
