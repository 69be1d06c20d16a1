"""Takes the pictures that the README shows: `python -m rootly_assets_tests.ui.screenshots docs/images`."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page

from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sandbox.workspace import TIME_ZONE
from rootly_assets_tests.ui.browser import SIZE, browser
from rootly_assets_tests.ui.dagster_ui import ROOT, dagster_ui, environment
from rootly_assets_tests.ui.dashboard import dashboard, open_tab

SINCE_FIRST_RUN = timedelta(hours=6)


def asset_graph(page: Page) -> None:
    """Every group, from the raw tables to the marts."""
    page.get_by_text("marts", exact=True).last.wait_for()
    page.get_by_text("fetching statuses").first.wait_for(state="hidden")


def asset_page(page: Page) -> None:
    """What the last materialization of a raw table has read."""
    page.get_by_text("preview", exact=True).wait_for()


def lineage(page: Page) -> None:
    """Where the facts of an incident come from."""
    page.get_by_text("int_rootly__incident_durations", exact=True).wait_for()


def checks(page: Page) -> None:
    """The promises that a mart keeps, and one that the data breaks."""
    page.get_by_text("Evaluation result", exact=True).wait_for()


# Picture, address, what has to be there, height in pixels.
PICTURES: list[tuple[str, str, Callable[[Page], None], int]] = [
    ("asset-graph", "/asset-groups", asset_graph, 1000),
    ("asset-page", "/assets/rootly/incidents?view=events", asset_page, 1240),
    (
        "lineage",
        "/assets/marts/fct_incidents?view=lineage&lineageScope=upstream&lineageDepth=4",
        lineage,
        1000,
    ),
    (
        "checks",
        "/assets/marts/fct_incidents?view=checks&checkDetail=no_milestone_is_before_the_start",
        checks,
        1000,
    ),
]


def take(url: str, folder: Path) -> None:
    """Save each picture as a PNG in the folder."""
    with browser(url) as opened:
        page = opened.page
        for name, path, ready, height in PICTURES:
            page.set_viewport_size({"width": SIZE["width"], "height": height})
            page.goto(url + path)
            ready(page)
            page.get_by_text("Loading").first.wait_for(state="hidden")
            page.wait_for_load_state("networkidle")
            page.mouse.move(0, 0)
            page.screenshot(path=folder / f"{name}.png", animations="disabled")


def take_report(path: Path, folder: Path) -> None:
    """Save a picture of the report, as far as its first charts."""
    with browser(path.as_uri()) as opened:
        opened.page.set_viewport_size({"width": 1280, "height": 1420})
        opened.page.goto(path.as_uri())
        opened.page.locator(".chart svg").last.wait_for()
        opened.page.screenshot(path=folder / "report.png", animations="disabled")


def take_dashboard(path: Path, folder: Path) -> None:
    """Save a picture of the dashboard's tab Reliability."""
    with dashboard(path) as url, browser(url) as opened:
        opened.page.set_viewport_size({"width": 1440, "height": 1180})
        opened.page.goto(url)
        open_tab(opened.page, "Reliability")
        opened.page.get_by_text("Median time", exact=True).wait_for()
        opened.page.locator(".card svg.marks").last.wait_for()
        opened.page.wait_for_timeout(2000)  # bars grow to the width of their card
        opened.page.screenshot(path=folder / "dashboard.png", animations="disabled")


def refresh(settings: Mapping[str, str]) -> None:
    """Run `rootly_refresh` as the command line does."""
    command = [sys.executable, "-m", "rootly_assets", "refresh"]
    subprocess.run(command, cwd=ROOT, env=dict(settings), check=False)


def main() -> None:
    """A workspace, read twice with some hours between, then its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace.build(now=datetime.now(UTC) - SINCE_FIRST_RUN)
    with (
        tempfile.TemporaryDirectory() as made,
        serve(workspace, requests_per_minute=3000) as server,
    ):
        settings = environment(server, Path(made)) | {
            "ROOTLY_REQUESTS_PER_MINUTE": "3000",
            "ROOTLY_TIME_ZONE": TIME_ZONE.key,
        }
        refresh(settings)
        workspace.advance(SINCE_FIRST_RUN)
        refresh(settings)
        with dagster_ui(settings, Path(made) / "ui.log") as url:
            take(url, folder)
        os.environ["ROOTLY_TIME_ZONE"] = TIME_ZONE.key
        take_dashboard(Path(settings["ROOTLY_DUCKDB_PATH"]), folder)
        take_report(Path(settings["ROOTLY_DUCKDB_PATH"]).with_name("report.html"), folder)


if __name__ == "__main__":
    main()
