"""The model: its key, its name, and what its endpoint can do."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.errors import CoworkError, Unavailable
from bot.model.capabilities import Capabilities
from bot.model.claude import Claude
from bot.model.report import ModelReport
from bot.settings import Settings

NAME = "Model"
_UNANSWERED = (
    "Try again in a minute; if it stays so, check ANTHROPIC_BASE_URL, the network, and HTTPS_PROXY if you are "
    "behind a proxy."
)
_PARTS = {
    "marks": "prompt caching",
    "thinking": "thinking",
    "output_config": "effort",
    "system_messages": "system messages",
    "betas": "beta features",
}


def model(settings: Settings) -> Iterator[Finding]:
    if settings.uses_rehearsal:
        yield fine(NAME, "the rehearsal model, which is not an AI; set ANTHROPIC_API_KEY to work with Claude")
        return
    try:
        yield _reported(_report(settings), settings.model)
    except Unavailable as outage:
        yield failed(NAME, _parted(str(outage))[0], _UNANSWERED)
    except CoworkError as error:
        found, remedy = _parted(str(error))
        yield failed(NAME, found, remedy or "Correct ANTHROPIC_BASE_URL, ANTHROPIC_API_KEY or COWORK_MODEL.")


def _parted(message: str) -> tuple[str, str]:
    """What is wrong, and what to do about it: the first sentence and the others."""
    wrong, _, remedy = message.partition(". ")
    return f"{wrong.removesuffix('.')}.", remedy


def _report(settings: Settings) -> ModelReport:
    claude = Claude(
        api_key=settings.anthropic_api_key.get_secret_value(),
        base_url=settings.anthropic_base_url or None,
        model=settings.model,
        endpoint=settings.endpoint,
    )
    try:
        return claude.check()
    finally:
        claude.close()


def _reported(report: ModelReport, name: str) -> Finding:
    found = f"{report.text}; {_capabilities(report.can)}"
    if report.retires_at is not None or report.lifecycle == "deprecated":
        return warning(NAME, found, f"Set COWORK_MODEL to a newer model than {name}.")
    return fine(NAME, found)


def _capabilities(can: Capabilities) -> str:
    has = [words for part, words in _PARTS.items() if getattr(can, part)]
    lacks = [words for part, words in _PARTS.items() if not getattr(can, part)]
    said = [f"{verb} {', '.join(words)}" for verb, words in (("with", has), ("without", lacks)) if words]
    return ", ".join(said)
