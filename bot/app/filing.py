"""The operator's connectors, from their file: that of COWORK_CONNECTORS, or connectors.toml in the home."""

from __future__ import annotations

from pathlib import Path

from bot.domain.grant import FolderGrant
from bot.errors import NotConfigured
from bot.policy import filing
from bot.policy.filing import ConnectorsFile
from bot.settings import Settings, folder_grant

NAME = "connectors.toml"


def connectors_file(settings: Settings) -> Path | None:
    """Where it is, None where there is none."""
    usual = settings.home / NAME
    return settings.connectors or (usual if usual.is_file() else None)


def filed(settings: Settings) -> ConnectorsFile:
    """Raises `NotConfigured` for a file that cannot be read or understood: half of it is not what was meant."""
    file = connectors_file(settings)
    if file is None:
        return ConnectorsFile()
    try:
        return filing.connectors(file.read_text("utf-8"), folder=_folder)
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"{file} cannot be read: {error}.") from error
    except ValueError as error:
        raise NotConfigured(f"In {file}, {error}") from error


def _folder(text: str) -> FolderGrant:
    grant = folder_grant(text)
    if not Path(grant.path).is_dir():
        raise ValueError(f"folders: there is no folder {grant.path}.")
    return grant
