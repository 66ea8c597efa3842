"""What the operator chose, read from the environment and `.env` once at the start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain import budget
from bot.domain.budget import Budget, Budgets
from bot.domain.connector import origin
from bot.domain.grant import FolderGrant
from bot.domain.patience import Patience
from bot.domain.task import Autonomy
from bot.domain.veil import Veil

_MODES = ("ro", "rw")
KEY_FILE = "secret.key"
"""In the home: the key that `cowork up` makes for a local Slack where the operator gave none."""


class Settings(BaseSettings):
    """Every name is the environment variable in `.env.example`, where each is explained."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", populate_by_name=True, env_prefix="COWORK_", env_ignore_empty=True
    )

    home: Path = Field(default_factory=lambda: user_data_path("cowork"), alias="COWORK_HOME")
    database_url: str = Field(default="", alias="COWORK_DATABASE_URL")
    folders: Annotated[tuple[FolderGrant, ...], NoDecode] = Field(default=(), alias="COWORK_FOLDERS")
    private_folders: Annotated[tuple[str, ...], NoDecode] = Field(default=(), alias="COWORK_PRIVATE_FOLDERS")
    model: str = Field(default="claude-opus-5-5", alias="COWORK_MODEL")
    brief_model: str = Field(default="", alias="COWORK_BRIEF_MODEL")
    endpoint: Literal["auto", "anthropic", "plain"] = Field(default="auto", alias="COWORK_MODEL_ENDPOINT")
    autonomy: Autonomy = Field(default=Autonomy.CHECKPOINT, alias="COWORK_AUTONOMY")
    port: int = Field(default=8080, alias="COWORK_PORT", ge=0, le=65535)
    workers: int = Field(default=8, alias="COWORK_WORKERS", ge=1, le=200)
    context_tokens: int = Field(default=0, alias="COWORK_CONTEXT_TOKENS", ge=0)
    turns: int = Field(default=200, alias="COWORK_MAX_TURNS", ge=1)
    stuck_turns: int = Field(default=20, alias="COWORK_STUCK_TURNS", ge=0)
    budget_task: Annotated[Budget, NoDecode] = Field(
        default=budget.parsed("dollars=20 minutes=240"), alias="COWORK_BUDGET_TASK"
    )
    budget_person: Annotated[Budget, NoDecode] = Field(
        default=budget.parsed("dollars=100"), alias="COWORK_BUDGET_PERSON_DAY"
    )
    budget_channel: Annotated[Budget, NoDecode] = Field(default=Budget(), alias="COWORK_BUDGET_CHANNEL_DAY")
    budget_workspace: Annotated[Budget, NoDecode] = Field(
        default=budget.parsed("dollars=500"), alias="COWORK_BUDGET_WORKSPACE_DAY"
    )
    open_tasks: int = Field(default=20, alias="COWORK_MAX_OPEN_TASKS", ge=1)
    working: int = Field(default=50, alias="COWORK_MAX_WORKING", ge=1)
    working_per_person: int = Field(default=10, alias="COWORK_MAX_WORKING_PER_PERSON", ge=1)
    lease: float = Field(default=30.0, alias="COWORK_LEASE_SECONDS", ge=1, le=600)
    approval_hours: float = Field(default=168.0, alias="COWORK_APPROVAL_HOURS", ge=0)
    remind_hours: float = Field(default=4.0, alias="COWORK_REMIND_HOURS", ge=0)
    undo_days: float = Field(default=30, alias="COWORK_UNDO_DAYS", ge=0)
    undo_megabytes: int = Field(default=10_000, alias="COWORK_UNDO_MEGABYTES", ge=0)
    approvers: Annotated[frozenset[str], NoDecode] = Field(default=frozenset(), alias="COWORK_APPROVERS")
    approvals: Path | None = Field(default=None, alias="COWORK_APPROVALS")
    connectors: Path | None = Field(default=None, alias="COWORK_CONNECTORS")
    connector_secrets: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(), alias="COWORK_CONNECTOR_SECRETS"
    )
    plugins: Annotated[frozenset[str], NoDecode] = Field(default=frozenset(), alias="COWORK_PLUGINS")
    log_level: str = Field(default="INFO", alias="COWORK_LOG_LEVEL")
    log_format: Literal["auto", "text", "json"] = Field(default="auto", alias="COWORK_LOG_FORMAT")
    otlp_endpoint: str = Field(default="", alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    slack_bot_token: SecretStr = Field(default=SecretStr(""), alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(default=SecretStr(""), alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field(default="https://slack.com/api/", alias="SLACK_API_URL")
    anthropic_api_key: SecretStr = Field(default=SecretStr(""), alias="ANTHROPIC_API_KEY")
    audit_days: float = Field(default=0, alias="COWORK_AUDIT_DAYS", ge=0)
    public_url: str = Field(default="", alias="COWORK_PUBLIC_URL")
    api_rate: int = Field(default=600, alias="COWORK_API_RATE", ge=1)
    webhook_origins: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(), alias="COWORK_WEBHOOK_ORIGINS"
    )
    slack_client_id: str = Field(default="", alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr = Field(default=SecretStr(""), alias="SLACK_CLIENT_SECRET")
    secret_key: SecretStr = Field(default=SecretStr(""), alias="COWORK_SECRET_KEY")
    anthropic_base_url: str = Field(default="", alias="ANTHROPIC_BASE_URL")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'cowork.sqlite'}"

    @property
    def budgets(self) -> Budgets:
        """A task has its turns from COWORK_MAX_TURNS, unless its budget names them."""
        task = replace(self.budget_task, turns=self.budget_task.turns or self.turns)
        return Budgets(
            task=task,
            person=self.budget_person,
            channel=self.budget_channel,
            workspace=self.budget_workspace,
            stuck=self.stuck_turns,
        )

    @property
    def patience(self) -> Patience:
        """Of the hours 0 is never."""
        expires, reminds = (timedelta(hours=hours) for hours in (self.approval_hours, self.remind_hours))
        return Patience(expires=expires or None, reminds=reminds or None)

    @property
    def veil(self) -> Veil:
        """Hides what the operator gave us in confidence, wherever a text has it."""
        return Veil(tuple(_secrets(self)))

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The first encrypts and signs; with the others what is older is still opened, and known as ours.

        That of the home, where there is one, comes last: an operator's own key is taken before it.
        """
        file = self.home / KEY_FILE
        made = file.read_text("utf-8").split() if file.is_file() else []
        return (*self.secret_key.get_secret_value().split(), *made)

    @property
    def uses_local_slack(self) -> bool:
        return not self.slack_bot_token.get_secret_value()

    @property
    def uses_rehearsal(self) -> bool:
        """No key and no endpoint of one's own (a local server needs no key)."""
        return not self.anthropic_api_key.get_secret_value() and not self.anthropic_base_url

    @field_validator("folders", mode="before")
    @classmethod
    def _folders(cls, value: object) -> object:
        return folder_grants(value) if isinstance(value, str) else value or ()

    @field_validator("private_folders", mode="before")
    @classmethod
    def _private_folders(cls, value: object) -> object:
        return tuple(grant.path for grant in folder_grants(value)) if isinstance(value, str) else value or ()

    @field_validator("budget_task", "budget_person", "budget_channel", "budget_workspace", mode="before")
    @classmethod
    def _budgets(cls, value: object) -> object:
        return budget.parsed(value) if isinstance(value, str) else value

    @field_validator("home")
    @classmethod
    def _in_full(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("approvers", "connector_secrets", "plugins", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return frozenset(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("webhook_origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        return frozenset(map(origin, value.replace(",", " ").split())) if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_a_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"


def given(name: str) -> str:
    """What the operator set for a plugin, whose settings have no field here: from the environment, or from `.env`."""
    return os.environ.get(name) or dotenv_values(".env").get(name) or ""


def _secrets(settings: Settings) -> Iterator[tuple[str, str]]:
    """Of several keys in one setting each is one."""
    for name, field in Settings.model_fields.items():
        given = getattr(settings, name)
        if isinstance(given, SecretStr):
            yield from ((field.alias or name, one) for one in given.get_secret_value().split())
    yield from ((KEY_FILE, one) for one in settings.secret_keys)
    if password := _password(settings.database_url):
        yield "password of the database", password


def _password(address: str) -> str:
    try:
        return unquote(urlsplit(address).password or "")
    except ValueError:
        return ""


def folder_grants(text: str) -> tuple[FolderGrant, ...]:
    """Folders separated by `os.pathsep`, which is also what stands before `ro` or `rw`."""
    parts: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(os.pathsep))):
        if part in _MODES and parts:
            parts[-1] += f":{part}"
        else:
            parts.append(part)
    return tuple(map(folder_grant, parts))


def folder_grant(text: str) -> FolderGrant:
    """`path`, `path:rw` or `path:ro` as a grant of the real, absolute path."""
    path, _, mode = text.strip().rpartition(":")
    if mode not in _MODES:
        path, mode = text.strip(), "rw"
    try:
        return FolderGrant(path=str(Path(path).expanduser().resolve()), writable=mode == "rw")
    except RuntimeError as error:
        raise ValueError(f"{path}: {error}") from error
