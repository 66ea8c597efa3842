"""Signing in as Cowork itself: a server that lets programs in by an id and a secret, where no person is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import httpx2
from anyio import to_thread
from mcp.client.auth import OAuthFlowError
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider

from bot.connectors.given import Secret, filled
from bot.connectors.grants import Unkept
from bot.domain.connector import Connector
from bot.errors import CoworkError, NotConfigured, Unavailable


class Itself(ClientCredentialsOAuthProvider):
    """The SDK's own flow of client credentials. The secret goes to the issuer that the operator named, and no other.

    A token lives as long as its connection, and is fetched anew when it ends. `learn` hears of each. `trouble` is why
    the last request was refused, as with `bearer.Bearer`.
    """

    def __init__(self, connector: Connector, *, secret: Secret, learn: Callable[[str], None]) -> None:
        super().__init__(
            connector.url,
            Unkept(),
            client_id=connector.client_id,
            client_secret="",
            issuer=connector.issuer,
        )
        self.trouble: CoworkError | None = None
        self._connector, self._secret, self._learn = connector, secret, learn

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """What goes wrong is no error of the request: that would end the connection, and the calls of others with it.
        It is sent once more as it is, for the server to refuse."""
        flow, status = super().async_auth_flow(request), 0
        try:
            sent = await flow.__anext__()
            while True:
                answer = yield sent
                status = answer.status_code
                sent = await flow.asend(answer)
        except StopAsyncIteration:
            if status < 400:
                self.trouble = None
        except OAuthFlowError as error:
            self.trouble = self._refused(error, status)
            yield request
        finally:
            await flow.aclose()

    async def _initialize(self) -> None:
        """The secret is looked up when it is needed; that may wait for the database, which the loop does not."""
        value = await to_thread.run_sync(filled, self._connector.client_secret, self._secret)
        self._fixed_client_info.client_secret = value
        await super()._initialize()

    async def _handle_token_response(self, response: httpx2.Response) -> None:
        await super()._handle_token_response(response)
        if self.context.current_tokens is not None:
            self._learn(self.context.current_tokens.access_token)

    def _refused(self, error: OAuthFlowError, status: int) -> CoworkError:
        one = self._connector
        if status >= 500 or status == 429:
            return Unavailable(
                f"{one.issuer} gave Cowork no token (status {status})", service=one.title, nothing_done=True
            )
        return NotConfigured(
            f"{one.title} did not let Cowork in as {one.client_id} ({error}). Look at client_id, client_secret and "
            "issuer of the connector."
        )
