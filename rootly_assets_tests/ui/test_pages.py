"""Dashboard, notebook and the models' documentation: they show what is there, and nothing leaves the machine.

One warehouse serves all three.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import requests
from playwright.sync_api import Page, expect

from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.system.command_line import environment, run_here
from rootly_assets_tests.ui.browser import Browser, browser, executable
from rootly_assets_tests.ui.dashboard import ROOT, TABS, dashboard, open_tab, opened_page

pytestmark = [
    pytest.mark.ui,
    pytest.mark.slow,
    pytest.mark.skipif(executable() is None, reason="chromium is not installed"),
]


@pytest.fixture(scope="module")
def opened(build_of_hundreds: Build) -> Generator[Browser]:
    with dashboard(build_of_hundreds.database) as url, browser(url) as found:
        found.page.goto(url)
        found.page.locator(".card svg.marks").first.wait_for()
        yield found


def incidents_shown(page: Page) -> int:
    value = page.locator(".tile", has_text="Incidents").first.locator(".value").inner_text()
    found = re.match(r"[\d,]+", value)
    assert found, value
    return int(found[0].replace(",", ""))


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).select_option(label=option)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_draws(opened: Browser, tab: str) -> None:
    open_tab(opened.page, tab)
    expect(opened.page.locator(".card svg.marks").first).to_be_visible()
    assert opened.troubles == []


def test_words_of_charts_turn_with_the_ground(opened: Browser) -> None:
    page = opened.page
    open_tab(page, "Reliability")
    words = page.locator(".card svg.marks .role-axis-label text").first
    expect(words).to_have_css("fill", "rgb(91, 102, 117)")
    page.emulate_media(color_scheme="dark")
    try:
        expect(words).to_have_css("fill", "rgb(154, 165, 179)")
    finally:
        page.emulate_media(color_scheme="light")


def test_the_keyboard_opens_the_numbers_behind_a_chart(opened: Browser) -> None:
    page = opened.page
    open_tab(page, "Reliability")
    numbers = page.locator(".card", has_text="Median time").locator("details.numbers").first
    numbers.locator("summary").focus()
    expect(numbers.get_by_role("table")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(numbers.get_by_role("table")).to_be_visible()
    expect(numbers.get_by_role("columnheader", name="median")).to_be_visible()
    assert opened.troubles == []


def test_the_keyboard_goes_from_tab_to_tab(opened: Browser) -> None:
    page = opened.page
    open_tab(page, "Workload")
    page.get_by_label("Severity", exact=True).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("tab", name="Workload", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="On-call", exact=True, selected=True)).to_be_focused()


def test_the_number_of_incidents_is_that_of_the_mart(
    opened: Browser, build_of_hundreds: Build
) -> None:
    choose(opened.page, "Time", "All time")
    open_tab(opened.page, "Reliability")
    counted = build_of_hundreds.query("""
        SELECT count(*) AS n FROM marts.fct_incidents
        WHERE is_response_incident AND has_plausible_start AND NOT is_deleted
    """)["n"][0]
    tile = opened.page.locator(".tile", has_text="Incidents").first.locator(".value")
    expect(tile).to_contain_text(f"{counted:,}")


def test_fewer_days_have_fewer_incidents(opened: Browser) -> None:
    open_tab(opened.page, "Reliability")
    choose(opened.page, "Time", "All time")
    expect(opened.page.locator(".change")).to_have_count(0)
    everything = incidents_shown(opened.page)
    choose(opened.page, "Time", "Last 30 days")
    expect(opened.page.locator(".tile").first).not_to_contain_text(f"{everything}")
    assert 0 < incidents_shown(opened.page) < everything


def test_tables_can_be_explored_and_queried(opened: Browser) -> None:
    page = opened.page
    open_tab(page, "Explore")
    expect(page.get_by_text("fct_incidents").first).to_be_visible()
    page.locator("textarea").fill("SELECT 40 + 2 AS the_answer")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("the_answer", exact=True)).to_be_visible()
    assert opened.troubles == []


def test_a_download_has_what_is_not_shown(opened: Browser) -> None:
    page = opened.page
    open_tab(page, "Explore")
    page.locator("textarea").fill("SELECT range AS n, '=1+1' AS title FROM range(10001)")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("The first 10,000 of 10,001 rows are shown")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_text("Download as CSV").click()
    lines = saved.value.path().read_text(encoding="utf-8").splitlines()
    assert saved.value.suggested_filename == "answer.csv"
    assert (lines[0], lines[-1], len(lines)) == ("n,title", "10000,'=1+1", 10002)
    assert opened.troubles == []


def test_a_query_that_would_write_is_refused_in_a_sentence(opened: Browser) -> None:
    page = opened.page
    open_tab(page, "Explore")
    page.locator("textarea").fill("DROP TABLE marts.fct_incidents")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("The query was refused").first).to_be_visible()


@pytest.mark.parametrize("page", ["dashboard", "notebook"])
def test_who_does_not_know_the_token_sees_nothing_and_nobody_elsewhere_reaches_it(
    page: str, build_of_hundreds: Build, tmp_path: Path
) -> None:
    """A notebook would carry out what they write."""
    arguments = [page, str(tmp_path / "mine.py")] if page == "notebook" else [page]
    with opened_page(build_of_hundreds.database, *arguments) as url:
        parts = urlsplit(url)
        with_token = requests.get(url, timeout=30)
        assert with_token.status_code == 200
        assert "marimo" in with_token.text
        for path in ("/", "/api/status", "/?access_token=guessed"):
            answer = requests.get(f"http://{parts.netloc}{path}", timeout=5, allow_redirects=False)
            assert answer.status_code in (303, 401, 403), path
            assert "Rootly incidents" not in answer.text
        listening = {
            each.laddr.ip
            for process in psutil.Process().children(recursive=True)
            for each in process.net_connections("inet")
            if each.status == psutil.CONN_LISTEN and each.laddr.port == parts.port
        }
        assert listening == {"127.0.0.1"}


@pytest.mark.parametrize("command", ["dashboard", "notebook", "docs"])
def test_without_a_warehouse_it_says_what_makes_one(command: str, tmp_path: Path) -> None:
    done = run_here([command], tmp_path, environment(tmp_path))
    assert done.status == 1
    assert "make refresh" in done.everything


def test_the_notebook_runs_from_tables_to_charts(build_of_hundreds: Build, tmp_path: Path) -> None:
    # A copy, as the command makes it: marimo keeps what was run beside a notebook.
    notebook = tmp_path / "notebook.py"
    shutil.copy(ROOT / "rootly_assets" / "app" / "notebook.py", notebook)
    html = tmp_path / "notebook.html"
    command = ("-m", "marimo", "-q", "export", "html", str(notebook), "-o", str(html))
    done = run(tmp_path, build_of_hundreds.database, *command)
    assert done.returncode == 0, done.stderr
    shown = html.read_text()
    for part in ("Your Rootly data in Python", "resolution_time_seconds", "vega-lite"):
        assert part in shown


@pytest.mark.exhaustive
def test_the_models_documentation_is_one_page_that_opens_from_disk(
    build_of_hundreds: Build, opened: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "models.html"
    done = run(tmp_path, build_of_hundreds.database, "-m", "rootly_assets", "docs", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    documentation = opened.beside(path.as_uri())
    documentation.page.goto(f"{path.as_uri()}#!/model/model.rootly.fct_interruptions")
    expect(documentation.page.get_by_text("What interrupted people").first).to_be_visible()
    # dbt's own page names pictures by a template that the browser reads before it is filled in.
    own = ("Unsafe attempt to load URL file:", "ERR_FILE_NOT_FOUND")
    troubles = documentation.troubles
    assert [each for each in troubles if not any(part in each for part in own)] == []


def run(folder: Path, database: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, on a DuckDB file."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ROOTLY_DUCKDB_PATH": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
