"""Headless Chromium that remembers everything which went wrong on the pages it showed."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, ViewportSize, sync_playwright

# What a container without a sandbox, a GPU or the internet asks for.
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
SIZE: ViewportSize = {"width": 1600, "height": 1000}
PATIENCE = 45_000  # milliseconds, for the slowest page on two busy cores


@dataclass
class Browser:
    """A page, and what it complained of.

    Attributes:
        page: the one page that is driven.
        troubles: uncaught exceptions, console errors, failed answers and strange hosts, in order.
    """

    page: Page
    troubles: list[str] = field(default_factory=list[str])

    def beside(self, home: str) -> "Browser":
        """Open one page more: while a driver is open, its thread can open no second one."""
        return _open(self.page.context, home)


def executable() -> str | None:
    """The Chromium that the system's packages installed; None without one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser(home: str) -> Generator[Browser]:
    """Open Chromium for the length of the block.

    Args:
        home: the one address that pages may talk to; a request elsewhere counts as trouble.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        try:
            context = chromium.new_context(viewport=SIZE, reduced_motion="reduce")
            context.set_default_timeout(PATIENCE)
            yield _open(context, home)
        finally:
            chromium.close()


def _open(context: BrowserContext, home: str) -> Browser:
    opened = Browser(context.new_page())
    _listen(opened, urlsplit(home).netloc)
    return opened


def _listen(opened: Browser, host: str) -> None:
    note = opened.troubles.append
    page = opened.page
    page.on("pageerror", lambda error: note(f"uncaught: {error}"))
    page.on(
        "console",
        lambda message: note(f"console: {message.text}") if message.type == "error" else None,
    )
    page.on(
        "response",
        lambda answer: note(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )

    def look_at(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != host:
            note(f"another host: {url}")

    page.on("request", lambda request: look_at(request.url))
    page.on("websocket", lambda socket: look_at(socket.url))
