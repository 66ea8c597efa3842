"""Documents as LibreOffice shows them, in pictures: one conversion at a time, whichever process asks for it."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SECONDS = 120
SCALE = 1.0
"""Pixels for each point of the page."""

_LOCK = Path(tempfile.gettempdir()) / f"cowork-soffice-{os.getuid()}.lock"


class Office:
    """Of one test session: a profile of its own, which the first conversion makes."""

    def __init__(self, program: str, place: Path) -> None:
        self._program = program
        self._place = place

    def pdf(self, document: Path) -> Path:
        """The document as LibreOffice would print it."""
        return self.converted(document, "pdf")

    def converted(self, document: Path, ending: str) -> Path:
        """The document as LibreOffice saves it in another format, or anew in its own."""
        target = self._place / f"{len(list(self._place.iterdir()))}-{document.stem}"
        target.mkdir()
        profile = f"-env:UserInstallation=file://{self._place.parent / 'profile'}"
        said = _ended(
            [self._program, "--headless", profile, "--convert-to", ending, "--outdir", target, document]
        )
        made = target / f"{document.stem}.{ending}"
        assert made.is_file(), f"LibreOffice did not open {document.name}: {said}"
        return made

    def rendered(self, document: Path) -> list[Path]:
        """A PNG of each page, in order; a PDF is taken as it is."""
        import pypdfium2  # here: this module is loaded by every process of every run

        pdf = document if document.suffix == ".pdf" else self.pdf(document)
        folder = self._place / f"{len(list(self._place.iterdir()))}-pages"
        folder.mkdir()
        with pypdfium2.PdfDocument(pdf) as opened:
            found = [folder / f"{number}.png" for number in range(1, len(opened) + 1)]
            for page, path in zip(opened, found, strict=True):
                page.render(scale=SCALE).to_pil().save(path)
        return found


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    program = shutil.which("soffice")
    if program is None:
        reason = (
            "LibreOffice is not installed "
            "(Debian: apt-get install --no-install-recommends libreoffice-{writer,calc,impress}-nogui)"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    place = tmp_path_factory.mktemp("office") / "made"
    place.mkdir()
    return Office(program, place)


@pytest.fixture(scope="session")
def rendered(office: Office) -> Callable[[Path], list[Path]]:
    return office.rendered


def _ended(command: list[str | Path]) -> str:
    """What it said. It ends with all that it started, also when it takes too long."""
    with _alone():
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        try:
            said, _ = running.communicate(timeout=SECONDS)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
    return said


@contextmanager
def _alone() -> Iterator[None]:
    """It takes hundreds of megabytes: two at a time would be too much for a small machine."""
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
