"""The tab On-call health: figures of the marts, of whole months and of the same days."""

from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
import pytest

import rootly_assets
from rootly_assets.app.filters import Filters
from rootly_assets.app.on_call_health import on_call_health
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import card
from rootly_assets_tests.system.refreshed import NOW, Once


@pytest.fixture(scope="module")
def dataset(on_duckdb: Once) -> Dataset:
    return rootly_assets.dataset(on_duckdb.folder / "warehouse.duckdb")


@pytest.mark.parametrize(
    ("days", "months"),
    [(None, date(2020, 1, 1)), (100, date(2026, 5, 1))],  # NOW is in the middle of July
)
def test_evenness_is_of_months_that_are_whole(
    dataset: Dataset, days: int | None, months: date
) -> None:
    shown = card(
        on_call_health(dataset, Filters(NOW, days, "week", "UTC")), "How evenly it is shared"
    ).body
    mart = dataset.table("marts.metrics_on_call_fairness").df()
    mart["month"] = pd.to_datetime(mart["month_start"]).dt.date
    whole = mart[
        (mart["schedule_id"] != "all")
        & (mart["month"] >= months)
        & (mart["month"] <= date(2026, 6, 1))
    ]
    assert mart["month"].max() == date(2026, 7, 1), "there is a month that is not over"
    assert isinstance(shown, pd.DataFrame)
    wanted = whole.groupby("schedule_name")["on_call_gini"].mean().map("{:.2f}".format)
    assert dict(zip(shown["schedule"], shown["Gini of time"], strict=True)) == wanted.to_dict()


def test_a_persons_interruptions_are_of_the_days_of_their_hours(dataset: Dataset) -> None:
    interrupted = dataset.sql("""
        SELECT user_name, local_date FROM marts.fct_interruptions
        WHERE CAST(interrupted_at AS DATE) = local_date ORDER BY interrupted_at LIMIT 1
    """).records()[0]
    first = interrupted["local_date"]
    # The span begins in the evening of that day, most likely after the interruption.
    until = datetime.combine(first, time(23, 59), UTC) + timedelta(days=90)
    tab = on_call_health(dataset, Filters(until, 90, "week", "UTC"))
    shown = card(tab, "People on call").body
    assert isinstance(shown, pd.DataFrame)
    wanted = dataset.sql(f"""
        SELECT user_name, count(*) AS n FROM marts.fct_interruptions
        WHERE local_date >= DATE '{first}' GROUP BY 1
    """).records()
    found = dict(zip(shown["person"], shown["interruptions"], strict=True))
    assert {name: n for name, n in found.items() if n} == {
        each["user_name"]: each["n"] for each in wanted
    }
    assert interrupted["user_name"] in found
