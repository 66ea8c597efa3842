"""What the machine trusts, read once for all calls to services."""

from __future__ import annotations

import ssl
from functools import cache

import httpx2


@cache
def trusted() -> ssl.SSLContext:
    """The machine's certificates. Reading them takes longer than a call does; threads may share them."""
    return httpx2.create_ssl_context()
