"""What the doctor says of pictures of documents, with and without what draws them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.checks.finding import State
from bot.cli.checks.previews import previews


def test_without_libreoffice_it_is_said_what_is_lost_and_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = next(iter(previews()))

    assert found.state is State.WARNING
    assert "without a picture of how they look: LibreOffice is not installed" in found.found
    assert "libreoffice-writer-nogui" in found.remedy


def test_libreoffice_that_the_box_would_not_see_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = tmp_path / "soffice"
    office.write_text("#!/bin/sh\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "LibreOffice is not below /usr" in next(iter(previews())).found
