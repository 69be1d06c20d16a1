"""Dashboard and notebook, as their commands start them, and how to move about in the dashboard."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page, expect

from rootly_assets_tests.ui.browser import PATIENCE

expect.set_options(timeout=PATIENCE)

ROOT = Path(__file__).parents[2]
TABS = ("Incident response", "Workload", "On-call", "Reliability", "On-call health", "Learning")


@contextmanager
def dashboard(database: Path) -> Generator[str]:
    """Run `python -m rootly_assets dashboard` for the length of the block; gives the address that it prints."""
    with opened_page(database, "dashboard") as url:
        yield url


@contextmanager
def opened_page(database: Path, *arguments: str) -> Generator[str]:
    """The same for `dashboard` or `notebook`, with what comes after it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rootly_assets", *arguments]
    command += ["--headless", "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "ROOTLY_DUCKDB_PATH": str(database)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        # A notebook that was made for somebody is named first.
        said = ""
        while not (found := re.search(r"http://\S+?(?=;)", said)):
            line = process.stdout.readline()
            assert line, said
            said += line
        url = found[0]
        for _ in range(300):
            try:
                urllib.request.urlopen(urljoin(url, "/health"), timeout=1)
                break
            except OSError:
                assert process.poll() is None, "it ended"
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    page.get_by_role("tab", name=name, exact=True, selected=True).wait_for()
