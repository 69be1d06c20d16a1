"""The dashboard of a workspace in which nothing has happened yet."""

import pytest
from playwright.sync_api import expect

from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.ui.browser import browser, executable
from rootly_assets_tests.ui.dashboard import TABS, dashboard, open_tab

pytestmark = [
    pytest.mark.ui,
    pytest.mark.exhaustive,
    pytest.mark.skipif(executable() is None, reason="chromium is not installed"),
]


def test_an_empty_workspace_says_so(build_of_nothing: Build) -> None:
    with dashboard(build_of_nothing.database) as url, browser(url) as found:
        found.page.goto(url)
        expect(found.page.get_by_text("not synced yet")).to_be_visible()
        for tab in TABS:
            open_tab(found.page, tab)
            expect(found.page.locator(".card .empty").first).to_be_visible()
        assert found.troubles == []
