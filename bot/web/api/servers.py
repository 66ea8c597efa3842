"""A connector as an admin's program sets it up: how its server is reached, and what a test of it found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.connector import Catalogue, Connector, Transport
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.tooling import Toggle
from bot.errors import CoworkError, NotAllowed
from bot.policy import confiding
from bot.policy.connecting import suggested
from bot.settings import folder_grant

Text = Annotated[str, Field(max_length=4_000, pattern=r"^[^\x00]*$")]
Pairs = Annotated[dict[Text, Text], Field(max_length=50)]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ToggleAsked(Asked):
    effect: Effect
    permission: Permission

    @property
    def toggle(self) -> Toggle:
        return Toggle(effect=self.effect, permission=self.permission)


class SeenAsked(Asked):
    """A granted folder, or one inside it, that the server may see."""

    path: Text = Field(min_length=1)
    mode: Literal["ro", "rw"] = "ro"


class ConnectorAsked(Asked):
    """A `command` with its arguments, or a `url`: exactly one that the operator approved. In `environment`, `headers`
    and `client_secret` a secret stands as `${NAME}`, which the operator keeps. With `issuer` nobody signs in: that
    authorization server lets Cowork in as itself. `tools` are chosen with it.
    """

    title: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")
    transport: Transport
    command: list[Text] = Field(default=[], max_length=100)
    url: Text = ""
    environment: Pairs = {}
    headers: Pairs = {}
    client_id: Text = ""
    client_secret: Text = ""
    issuer: Text = ""
    folders: list[SeenAsked] = Field(default=[], max_length=50)
    network: bool = False
    is_personal: bool = False
    sampling: bool = False
    instructions: Text = ""
    timeout: float = Field(default=60.0, ge=1, le=3600)
    slots: int = Field(default=4, ge=1, le=50)
    tools: dict[str, ToggleAsked] = Field(default={}, max_length=500)

    def connector(self, slug: str) -> Connector:
        """Raises `NotAllowed` for what no connector can be."""
        if (self.transport is Transport.STDIO) != bool(self.command) or bool(self.command) == bool(self.url):
            raise NotAllowed(
                "A connector has a command (transport stdio) or a url (auto, http or sse), and not both."
            )
        given = self.model_dump(exclude={"command", "folders", "tools"})
        folders = tuple(map(_folder, self.folders))
        made = Connector(slug=slug, command=tuple(self.command), folders=folders, **given)
        if why := confiding.exposed(made):
            raise NotAllowed(why)
        return made

    @property
    def toggles(self) -> dict[str, Toggle]:
        return {name: one.toggle for name, one in self.tools.items()}


class FoundValue(BaseModel):
    """A tool that a server offers, in its own words; `suggested` is the effect that it claims to have."""

    name: str
    description: str
    digest: str
    suggested: Effect


class TestValue(BaseModel):
    """What a server was found to offer. With `trouble` it was not reached, and `stderr` is what it said last.

    `dropped` are tools that nobody could call, by name, with the reason.
    """

    trouble: str
    stderr: list[str]
    tools: list[FoundValue]
    resources: list[str]
    prompts: list[str]
    dropped: dict[str, str]

    @classmethod
    def of(cls, found: Catalogue) -> TestValue:
        return cls(
            trouble="",
            stderr=[],
            tools=[
                FoundValue(
                    name=one.name,
                    description=str(one.described.get("description") or ""),
                    digest=one.digest,
                    suggested=suggested(one),
                )
                for one in found.tools
            ],
            resources=[offer.uri for offer in (*found.resources, *found.templates)],
            prompts=[offer.name for offer in found.prompts],
            dropped=dict(found.dropped),
        )

    @classmethod
    def failed(cls, error: CoworkError, stderr: tuple[str, ...]) -> TestValue:
        nothing = cls.of(Catalogue())
        return nothing.model_copy(update={"trouble": str(error), "stderr": list(stderr)})


def _folder(asked: SeenAsked) -> FolderGrant:
    try:
        return folder_grant(f"{asked.path}:{asked.mode}")
    except ValueError as error:
        raise NotAllowed(f"{asked.path} is no folder that can be granted.") from error
