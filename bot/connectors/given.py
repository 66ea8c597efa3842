"""What a connector's server is given: its environment and headers, with each secret in the place of its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.connector import Connector
from bot.domain.veil import Veil

Secret = Callable[[str], str]
"""The value of a secret by its name. Raises `NotConfigured` for one that there is not."""

_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def filled(text: str, secret: Secret) -> str:
    """With each secret in the place of its name."""
    return _REFERENCE.sub(lambda found: secret(found[1]), text)


class Given:
    """Put together for one start, and kept by nobody else."""

    def __init__(self, connector: Connector, secret: Secret) -> None:
        self.connector = connector
        self._secret = secret
        self._values: dict[str, str] = {}
        self.environment = self._filled(connector.environment)
        self.headers = self._filled(connector.headers)
        self.veil = Veil(tuple(self._values.items()))

    def _filled(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {name: filled(text, self._value) for name, text in texts.items()}

    def _value(self, name: str) -> str:
        if name not in self._values:
            self._values[name] = self._secret(name)
        return self._values[name]
