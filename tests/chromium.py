"""One browser for all tests of a process: Playwright can be started only once in each.

Nothing moves on its pages: a wheel that turns while people wait would be drawn sixty times a second.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser as Running
from playwright.sync_api import Error, Page, ViewportSize, expect, sync_playwright

from tests.eventually import PATIENT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-software-rasterizer",
    "--use-gl=disabled",
    "--force-prefers-reduced-motion",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Browser:
    """Each of its pages is of somebody with cookies and a memory of their own."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._seen: list[Page] = []

    def new_page(self, *, viewport: ViewportSize | None = None, color_scheme: str = "light") -> Page:
        page = self._opened()
        self._seen.append(page)
        page.set_viewport_size(viewport or {"width": 1280, "height": 720})
        page.emulate_media(color_scheme=color_scheme)  # type: ignore[arg-type]
        return page

    def rest(self) -> None:
        """One whose Slack is gone would ask for it again and again, beside every test after it."""
        while self._seen:
            with suppress(Error):
                self._seen.pop().context.close()

    def _opened(self) -> Page:
        context = self._running.new_context(reduced_motion="reduce")
        context.set_default_timeout(PATIENT)
        return context.new_page()


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        expect.set_options(timeout=PATIENT)
        yield Browser(running)
        running.close()


@pytest.fixture
def browser(_chromium: Browser) -> Iterator[Browser]:
    yield _chromium
    _chromium.rest()
