"""As what a call of a connector is made: at which server, and of a tool that an admin accepted in which words."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Pin:
    """`server` is the command with its arguments, or the origin, as the operator approved it; `definition` the SHA-256
    of the tool as an admin accepted it ("": of what is no tool of its server, a resource). `way` is `Connector.way`,
    `sign_in` the id of the one that is used, "" where there is none."""

    connector: str
    server: str
    definition: str = ""
    way: str = ""
    sign_in: str = ""

    @property
    def told(self) -> dict[str, str]:
        """For the audit log."""
        return {name: value for name, value in asdict(self).items() if value}
