"""The operator's rules on who decides, from their file. Its folders are the real ones, as calls name them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.deciders import Authority, Rule
from bot.errors import NotConfigured
from bot.policy import rulebook
from bot.settings import Settings


def authority(settings: Settings) -> Authority:
    """Raises `NotConfigured` for a file that cannot be read or understood: nobody decides by half of it."""
    rules = () if settings.approvals is None else _rules(settings.approvals)
    return Authority(rules=rules, approvers=settings.approvers)


def _rules(file: Path) -> tuple[Rule, ...]:
    try:
        return tuple(_in_real_folders(rule) for rule in rulebook.rules(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"COWORK_APPROVALS: {file} cannot be read: {error}.") from error
    except ValueError as error:
        raise NotConfigured(f"COWORK_APPROVALS: in {file}, {error}") from error


def _in_real_folders(rule: Rule) -> Rule:
    return replace(rule, where=tuple(map(_real, rule.where)))


def _real(place: str) -> str:
    return str(Path(place).expanduser().resolve()) if place.startswith(("/", "~")) else place
