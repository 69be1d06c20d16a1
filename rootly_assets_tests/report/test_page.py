"""The page: one file that opens from disk, whatever the texts say, with every chart."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from rootly_assets.charts.theme import LEVEL_COLORS, level_colors
from rootly_assets.report.figures import Figures
from rootly_assets.report.page import key_chart_png, page
from rootly_assets_tests.dbt.builds import HOSTILE
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.report.workspaces import drawn_from, run
from rootly_assets_tests.system.refreshed import Once
from rootly_assets_tests.ui.browser import browser, executable


@pytest.fixture
def copied(on_duckdb: Once, tmp_path: Path) -> Path:
    """Its warehouse, to write into."""
    return Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))


def test_the_key_chart_is_a_picture(refreshed: Figures) -> None:
    picture = key_chart_png(refreshed)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")


def test_a_level_of_severity_that_is_not_known_yet_fails_no_chart(
    copied: Path, refreshed: Figures
) -> None:
    run(
        copied,
        "UPDATE marts.fct_incidents SET severity_level = 'apocalyptic'; "
        "UPDATE marts.dim_severities SET severity_level = 'apocalyptic'",
    )
    shown = drawn_from(copied)
    assert set(shown.severities) == set(shown.weekly["series"]) == set(refreshed.weekly["series"])
    assert shown.weekly["value"].sum() == refreshed.weekly["value"].sum()
    assert "Incidents by week and severity" in page(shown, time_zone="UTC")


def test_severities_have_the_names_of_the_workspace_in_every_chart(
    on_duckdb: Once, refreshed: Figures
) -> None:
    """The most severe first; two of one level don't look the same."""
    with duckdb.connect(str(on_duckdb.folder / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT name FROM rootly.severities").fetchall()
    assert set(refreshed.severities) <= {*(name for (name,) in rows), "No severity"}
    assert set(refreshed.resolutions["severity"]) <= set(refreshed.severities)
    assert level_colors(["critical", "high", "high", "none"])[:2] == [*LEVEL_COLORS[:2]]
    assert len(set(level_colors(["high", "high", "high", "medium", "medium"]))) == 5


def test_alerts_of_one_kind_are_named_in_words(refreshed: Figures) -> None:
    """There would be one colour, and nothing that says of what."""
    first = refreshed.alerts[refreshed.alerts["series"] == refreshed.alerts["series"].iloc[0]]
    unmarked = replace(refreshed, alerts=first.assign(series="not marked"))
    document = page(unmarked, time_zone="UTC")
    assert "Alerts by week, none of them marked as signal or noise" in document


@pytest.mark.slow
def test_a_workspace_without_records_has_a_report_that_says_so(
    build_of_nothing: Build,
) -> None:
    empty = drawn_from(build_of_nothing.database)

    assert key_chart_png(empty) is None
    document = page(empty, time_zone="UTC")
    assert "not synced yet" in document
    assert "There is nothing to show yet." in document
    assert "Nothing is waiting." in document


@pytest.mark.ui
@pytest.mark.skipif(executable() is None, reason="no Chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_disk_draws_every_chart_and_asks_nobody(
    copied: Path, tmp_path: Path, scheme: str
) -> None:
    hostile = HOSTILE.replace("'", "''")
    run(copied, f"UPDATE marts.fct_incidents SET title = '{hostile}', url = 'javascript:alert(1)'")
    run(copied, f"UPDATE marts.fct_action_items SET summary = '{hostile}'")
    document = page(drawn_from(copied), time_zone="Europe/Berlin")
    assert "@@vega@@" in document, "texts are shown as they are"
    path = tmp_path / "report.html"
    path.write_text(document, encoding="utf-8")

    with browser(path.as_uri()) as opened:
        opened.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        opened.page.goto(path.as_uri())
        charts = opened.page.locator(".chart")
        opened.page.locator(".chart svg").last.wait_for()

        assert charts.count() >= 5
        for chart in charts.all():
            assert chart.locator("svg [role='graphics-symbol'], svg path").count() > 3
        assert opened.page.title().startswith("Incident report")
        assert opened.page.locator("img").count() == 0
        assert opened.page.locator("a[href^='javascript']").count() == 0
        assert "in Europe/Berlin, where days begin and end" in opened.page.inner_text("header")
        titles = opened.page.locator(".cards h2").all_inner_texts()
        assert [chart.get_attribute("aria-label") for chart in charts.all()] == titles

        charts.first.locator(".mark-rect path:visible").first.hover()
        tip = opened.page.locator("#vg-tooltip-element td.value").first
        tip.wait_for()
        size, weight, color = tip.evaluate(
            "each => (({fontSize, fontWeight, color}) => [fontSize, fontWeight, color])(getComputedStyle(each))"
        )
        assert (size, weight) == ("13px", "400")
        assert color == {"light": "rgb(27, 36, 48)", "dark": "rgb(232, 235, 239)"}[scheme]
        opened.page.emulate_media(media="print")
        words = opened.page.locator(".role-legend text").first
        assert words.evaluate("each => getComputedStyle(each).fill") == "rgb(27, 36, 48)"
        assert opened.troubles == []


@pytest.mark.ui
@pytest.mark.skipif(executable() is None, reason="no Chromium")
@pytest.mark.parametrize("width", [390, 1280])
def test_legends_and_dates_have_room_on_a_telephone_too(
    refreshed: Figures, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(refreshed, time_zone="UTC"), encoding="utf-8")
    with browser(path.as_uri()) as opened:
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.page.goto(path.as_uri())
        opened.page.locator(".chart svg").last.wait_for()
        names = opened.page.locator(".chart:has(.role-legend)")
        assert names.count() >= 3
        for chart in names.all():
            room = chart.locator("svg").bounding_box()
            assert room
            for name in chart.locator(".role-legend text").all():
                box = name.bounding_box()
                assert box
                assert box["y"] >= room["y"]
                assert box["x"] + box["width"] <= room["x"] + room["width"] + 1
        numbers = opened.page.locator("details.numbers").first
        numbers.locator("summary").click()
        day = numbers.locator("tbody tr:nth-child(2) td:first-child").bounding_box()
        assert day
        assert day["height"] < 40, "on one line"
