"""What `cowork doctor` says of the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import anthropic

from bot.errors import NotConfigured
from bot.model import capabilities, errors
from bot.model.capabilities import Capabilities


@dataclass(frozen=True, kw_only=True)
class ModelReport:
    """A model that answers. `has_models_page` is false for servers that say nothing of their models."""

    model: str
    address: str
    can: Capabilities
    has_models_page: bool = False
    display_name: str = ""
    lifecycle: str = ""
    retires_at: datetime | None = None
    max_input_tokens: int | None = None

    @property
    def text(self) -> str:
        """One line for people."""
        name = self.display_name or self.model
        if not self.has_models_page:
            return f"{name} at {self.address} (bare Messages protocol, price unknown)"
        if self.retires_at is not None:
            return f"{name} at {self.address} ({self.lifecycle}, retires on {self.retires_at:%Y-%m-%d})"
        return f"{name} at {self.address} ({self.lifecycle or 'available'})"


def report(client: anthropic.Anthropic, model: str, *, can: Capabilities, address: str) -> ModelReport:
    """Ask the endpoint about the model. Raises `NotConfigured` if it is unknown or retired."""
    try:
        info = capabilities.ask(client, model)
    except anthropic.APIStatusError as error:
        if error.status_code == 401:
            raise errors.ours(error, model=model, address=address) from error
        info = None
    if info is None:
        return _of_a_plain_server(client, model, can=can, address=address)
    if info.lifecycle == "retired":
        raise NotConfigured(f"The model “{model}” is retired. Set COWORK_MODEL to a current one.")
    return ModelReport(
        model=model,
        address=address,
        can=can,
        has_models_page=True,
        display_name=info.display_name or "",
        lifecycle=info.lifecycle or "",
        retires_at=info.retires_at,
        max_input_tokens=info.max_input_tokens,
    )


def _of_a_plain_server(
    client: anthropic.Anthropic, model: str, *, can: Capabilities, address: str
) -> ModelReport:
    names = capabilities.known_models(client)
    if names and model not in names:
        shown = ", ".join(names[:10])
        raise NotConfigured(
            f"The model “{model}” is not known at {address}, which has: {shown}. Set COWORK_MODEL."
        )
    return ModelReport(model=model, address=address, can=can)
