"""Hours of one's own are counted by, or refused with what is wrong and what to write."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rootly_assets.dbt_variables import wrong
from rootly_assets_tests.dbt.commands import PROJECT, Ended
from rootly_assets_tests.dbt.dbt_build import dbt_build
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace
from rootly_assets_tests.dbt.test_hour_presets import compiled
from rootly_assets_tests.dbt.test_variables import DEFAULTS, LISTED

pytestmark = pytest.mark.slow

# Ten to eighteen.
(GUIDE,) = (json.loads(example) for name, _, example in LISTED if name == "rootly_hour_bands")
WEEKEND = {"days": "weekends", "from": 0, "until": 24, "band": "weekend", "after_hours": True}
WHAT_TO_WRITE = 'Write rows like {"days": "weekdays", "from": 0, "until": 9, "band": "night", '


def on_weekdays(start: object, end: object, band: object = "office") -> dict[str, object]:
    """A row of the variable, within working hours."""
    return {"days": "weekdays", "from": start, "until": end, "band": band, "after_hours": False}


# A build of its own; a unit test of dbt says the same of the model alone.
@pytest.mark.exhaustive
@pytest.mark.parametrize("also", [{}, {"rootly_hour_preset": "own"}])
def test_interruptions_are_counted_by_the_hours_of_the_guide(
    tmp_path: Path, also: dict[str, str]
) -> None:
    """Given by the setting, as whoever installed the wheel does."""
    at = {
        "before": (6, 9),
        "first": (6, 10),
        "last": (6, 17),
        "after": (6, 18),
        "saturday": (7, 12),
    }
    events = [
        {"id": name, "alert_id": "a", "kind": "notification", "action": "called", "user_id": 1}
        | {"created_at": datetime(2026, 3, day, hour, tzinfo=UTC)}
        for name, (day, hour) in at.items()
    ]
    build = dbt_build(
        make_raw_workspace(
            tmp_path / "warehouse.duckdb",
            {"alert_events": events},
            loaded_at=datetime(2026, 3, 9, tzinfo=UTC),
        ),
        environment={"ROOTLY_DBT_VARS": json.dumps({"rootly_hour_bands": GUIDE, **also})},
        select=["+metrics_interruptions"],
    )
    assert set(build.statuses.values()) == {"success", "pass"}
    found = build.mart("fct_interruptions")
    assert set(found["hour_preset"]) == {"own"}
    assert {
        row.interruption_id: (row.hour_band, row.is_after_hours) for row in found.itertuples()
    } == {
        "before": ("night", True),
        "first": ("office", False),
        "last": ("office", False),
        "after": ("night", True),
        "saturday": ("weekend", True),
    }


def test_an_hour_without_a_band_stops_the_model_with_what_to_write(tmp_path: Path) -> None:
    refused(
        compiled(tmp_path, rootly_hour_bands=[on_weekdays(0, 9), on_weekdays(10, 24), WEEKEND]),
        "has no band from 9 to 10 on weekdays, but should have one for each hour from 0 to 24",
    )


REFUSED: list[tuple[object, str]] = [
    ([on_weekdays(0, 24)], "has no band from 0 to 1 on weekends, but should have one"),
    (
        [on_weekdays(0, 10), on_weekdays(9, 24, "late"), WEEKEND],
        "has the bands office and late from 9 to 10 on weekdays, but should have one",
    ),
    (
        [on_weekdays(18, 9), on_weekdays(9, 18), WEEKEND],
        "from and until should be whole hours from 0 to 24, the earlier one first (a night is two rows)",
    ),
    ([on_weekdays(0, 25)], "from and until should be whole hours"),
    ([on_weekdays(0, "9")], "from and until should be whole hours"),
    ([on_weekdays(0, 9.5)], "from and until should be whole hours"),
    ([{**WEEKEND, "days": "sundays"}], "days should be weekdays or weekends"),
    ([{**WEEKEND, "band": "o'clock"}], "band should be a name without quotes and backslashes"),
    ([{**WEEKEND, "band": "a\\b"}], "band should be a name without quotes and backslashes"),
    ([{**WEEKEND, "band": " "}], "band should be a name without quotes and backslashes"),
    ([{**WEEKEND, "after_hours": "no"}], "after_hours should be true or false"),
    ([{"days": "weekends"}], "should have days, from, until, band and after_hours"),
    (["weekends"], "should have days, from, until, band and after_hours"),
    (WEEKEND, "but should be a list of rows"),
    (9, "is 9, but should be a list of rows"),
    (
        [on_weekdays(0, 24, "weekend"), WEEKEND],
        "has the band weekend both within and after hours, but a band should be one of the two",
    ),
]


# Each compiles the model anew, which takes seconds.
@pytest.mark.exhaustive
@pytest.mark.parametrize(("bands", "said"), REFUSED)
def test_hours_that_can_t_be_meant_stop_the_model_with_what_to_write(
    tmp_path: Path, bands: object, said: str
) -> None:
    refused(compiled(tmp_path, rootly_hour_bands=bands), said)


@pytest.mark.parametrize(("bands", "said"), REFUSED)
def test_the_setting_is_refused_for_the_same_before_anything_is_read(
    bands: object, said: str
) -> None:
    (complaint,) = wrong({"rootly_hour_bands": bands}, PROJECT)
    # What is of another kind altogether is said as of any variable.
    assert said in complaint or 'but should be like [{"days": ' in complaint


def test_so_is_another_preset_beside_them() -> None:
    (complaint,) = wrong({"rootly_hour_bands": GUIDE, "rootly_hour_preset": "pagerduty"}, PROJECT)
    assert "rootly_hour_bands gives hours of your own" in complaint


def refused(ended: Ended, said: str) -> None:
    """It says what is wrong, and what to write."""
    assert ended.status != 0
    assert re.search(
        f"The variable rootly_hour_bands .*{re.escape(said)}.*{re.escape(WHAT_TO_WRITE)}",
        ended.output,
    ), ended.output


def test_a_choice_of_own_hours_needs_them(tmp_path: Path) -> None:
    ended = compiled(tmp_path, rootly_hour_preset="own")
    assert ended.status != 0
    assert (
        f"The variable rootly_hour_bands is empty, but rootly_hour_preset is 'own'. {WHAT_TO_WRITE}"
        in ended.output
    )


def test_another_preset_beside_own_hours_is_refused(tmp_path: Path) -> None:
    ended = compiled(tmp_path, rootly_hour_preset="pagerduty", rootly_hour_bands=GUIDE)
    assert ended.status != 0
    assert (
        "The variable rootly_hour_preset is 'pagerduty', but rootly_hour_bands gives hours of your own."
        " Write 'own' for the preset, or [] for the bands."
    ) in ended.output


def test_the_default_is_the_preset_that_bands_replace(tmp_path: Path) -> None:
    """The macro knows it by name."""
    ended = compiled(
        tmp_path, rootly_hour_preset=DEFAULTS["rootly_hour_preset"], rootly_hour_bands=GUIDE
    )
    assert ended.status == 0, ended.output
    assert "bands.preset = 'own'" in ended.output
