"""Grants that take no person, for the scenarios of the conformance suite that are about them: the SDK's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
from mcp.client.auth.extensions.client_credentials import (
    ClientCredentialsOAuthProvider,
    PrivateKeyJWTOAuthProvider,
    SignedJWTParameters,
)
from mcp.client.auth.extensions.identity_assertion import IdentityAssertionOAuthProvider

from bot.connectors.grants import Unkept

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
_ID_JAG = "urn:ietf:params:oauth:token-type:id-jag"


def auth(url: str, scenario: str, context: Mapping[str, Any]) -> httpx2.Auth:
    client = str(context["client_id"])
    if "idp_id_token" in context:
        return _asserted(url, client, context)
    if "private_key_pem" in context:
        signed = SignedJWTParameters(
            issuer=client,
            subject=client,
            signing_algorithm=context["signing_algorithm"],
            signing_key=context["private_key_pem"],
        )
        return PrivateKeyJWTOAuthProvider(
            url,
            Unkept(),
            client,
            assertion_provider=signed.create_assertion_provider(),
            issuer=_issuer(url),
        )
    return ClientCredentialsOAuthProvider(
        url, Unkept(), client, context["client_secret"], issuer=_issuer(url)
    )


def _asserted(url: str, client: str, context: Mapping[str, Any]) -> httpx2.Auth:
    async def assertion(audience: str, resource: str) -> str:
        """Who somebody is at their company, exchanged for what the server's own issuer takes."""
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.post(
                context["idp_token_endpoint"],
                data={
                    "grant_type": _EXCHANGE,
                    "requested_token_type": _ID_JAG,
                    "audience": audience,
                    "resource": resource,
                    "subject_token": context["idp_id_token"],
                    "subject_token_type": _ID_TOKEN,
                    "client_id": context["idp_client_id"],
                },
            )
        return str(answer.raise_for_status().json()["access_token"])

    return IdentityAssertionOAuthProvider(
        url,
        Unkept(),
        client,
        context["client_secret"],
        issuer=_issuer(url),
        assertion_provider=assertion,
        token_endpoint_auth_method="client_secret_basic",
    )


def _issuer(url: str) -> str:
    """A deployment has it configured; here the suite says it."""
    parts = httpx2.URL(url)
    told = httpx2.get(
        parts.copy_with(path=f"/.well-known/oauth-protected-resource{parts.path}"), trust_env=False
    )
    return str(told.raise_for_status().json()["authorization_servers"][0])
