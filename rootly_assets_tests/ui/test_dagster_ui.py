"""What people see of the project in the Dagster UI, in the order in which they come across it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from rootly_assets_tests.ui.conftest import INCIDENTS, Ui

pytestmark = [pytest.mark.ui, pytest.mark.xdist_group("ui")]

GROUPS = ["alerts", "incidents", "on_call", "organization", "services", "staging", "marts"]
RUN = 90_000  # milliseconds: a process that imports Dagster and dbt, then reads a list


@pytest.fixture(autouse=True)
def nothing_goes_wrong_on_the_page(ui: Ui) -> Iterator[None]:
    """No uncaught exception, console error, failed answer or strange host, whatever is looked at."""
    ui.browser.troubles.clear()
    yield
    assert ui.browser.troubles == []


def test_the_lineage_page_shows_every_group(ui: Ui) -> None:
    page = open_page(ui, "/asset-groups")
    for group in GROUPS:
        expect(page.get_by_text(group, exact=True).first).to_be_visible()
    expect(button(page, r"Materialize all")).to_be_visible()


def test_a_raw_tables_page_says_what_it_is(ui: Ui) -> None:
    page = open_page(ui, "/assets/rootly/incidents?view=overview")
    for text in (
        "One row per incident, with its life-cycle times, severity, people and affected services.",
        "Rootly's id of the record: the primary key.",
        "rootly.incidents",
        "reliability",
        "DuckDB",
        "rootly_incidents_sync",
        "Fails if more than 26 hours since last materialization",
    ):
        expect(page.get_by_text(text, exact=True).first).to_be_visible()
    expect(page.get_by_role("cell", name="sequential_id")).to_be_visible()


def test_lineage_runs_from_the_raw_table_to_the_mart(ui: Ui) -> None:
    page = open_page(
        ui, "/assets/marts/fct_incidents?view=lineage&lineageScope=upstream&lineageDepth=5"
    )
    for asset in ("fct_incidents", "int_rootly__incident_durations", "stg_rootly__incidents"):
        expect(page.get_by_text(asset, exact=True).first).to_be_visible()
    expect(page.get_by_text("incidents", exact=True).first).to_be_visible()


def test_jobs_schedules_and_sensors_are_there(ui: Ui) -> None:
    page = open_page(ui, "/jobs")
    for job in ("rootly_sync", "rootly_metrics", "rootly_refresh", "rootly_on_call_sync"):
        expect(page.get_by_text(job, exact=True)).to_be_visible()
    page = open_page(ui, "/automation")
    for name in ("hourly_refresh", "nightly_whole_read", "metrics_despite_failed_lists"):
        expect(page.get_by_text(name, exact=True)).to_be_visible()


def test_a_click_materializes_a_table_and_shows_what_was_read(ui: Ui) -> None:
    page = open_page(ui, "/assets/rootly/incidents?view=overview")
    button(page, r"^Materialize$").click()
    page.get_by_role("link", name="View", exact=True).first.click()
    page.wait_for_url("**/runs/*")
    expect(page.get_by_text("Success", exact=True).first).to_be_visible(timeout=RUN)

    page = open_page(ui, "/assets/rootly/incidents?view=events")
    for key, value in (("dagster/row_count", INCIDENTS), ("rows new", INCIDENTS), ("requests", 1)):
        row = page.get_by_role("row").filter(has=page.get_by_text(key, exact=True))
        expect(row.first).to_contain_text(str(value))
    expect(page.get_by_role("columnheader", name="title", exact=True)).to_be_visible()

    page = open_page(ui, "/assets/rootly/incidents?view=checks")
    for check in ("complete", "primary_key", "nothing_rescued", "columns_declared"):
        expect(page.get_by_text(check, exact=True).first).to_be_visible()
    expect(page.get_by_text("Succeeded", exact=True)).to_have_count(4)
    page = open_page(ui, "/assets/rootly/incidents?view=overview")
    expect(page.get_by_role("cell", name="sequential_id", exact=True)).to_be_visible()


def test_a_list_that_fails_says_which_and_why(ui: Ui) -> None:
    ui.status_pages_broken.set()
    try:
        page = open_page(ui, "/locations/rootly_assets/jobs/rootly_status_pages_sync/playground")
        button(page, r"Launch Run").click()
        page.wait_for_url("**/runs/*")
        expect(page.get_by_text("Failure", exact=True).first).to_be_visible(timeout=RUN)
    finally:
        ui.status_pages_broken.clear()
    expect(page.get_by_text(re.compile(r"1 of \d+ lists could not be read")).first).to_be_visible()
    expect(page.get_by_text("Sorting is being rebuilt").first).to_be_visible()
    page = open_page(ui, "/assets/rootly/status_pages?view=checks")
    page.get_by_text("complete", exact=True).first.click()
    expect(page.get_by_text("Sorting is being rebuilt").first).to_be_visible()


def test_the_token_is_shown_by_its_variables_name_only(ui: Ui) -> None:
    page = open_page(ui, "/locations/rootly_assets/resources/rootly")
    expect(page.get_by_text("ROOTLY_API_TOKEN").first).to_be_visible()
    assert ui.token not in page.content()


def open_page(ui: Ui, path: str) -> Page:
    ui.browser.page.goto(ui.url + path)
    return ui.browser.page


def button(page: Page, text: str) -> Locator:
    """A button by its text: the names that Dagster gives to icons are no part of it."""
    return page.locator("button", has_text=re.compile(text)).first
