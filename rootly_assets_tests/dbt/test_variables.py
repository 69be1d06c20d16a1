"""What a user may choose of the metrics, by one setting: models and readers follow it, nonsense is refused."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from rootly_assets import settings
from rootly_assets.errors import NotConfigured
from rootly_assets_tests.dbt.commands import PROJECT, REPOSITORY
from rootly_assets_tests.dbt.dbt_build import dbt_build
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace

DEFAULTS = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]
GUIDE = (REPOSITORY / "docs" / "metrics.md").read_text()
# Name, default, example.
LISTED = re.findall(r"^\| `(rootly_\w+)` \| `(.+?)` \| .* \| `(.+?)` \|$", GUIDE, re.MULTILINE)


# Two builds, apart from those that others share.
@pytest.mark.exhaustive
def test_models_follow_the_setting_from_one_build_to_the_next(tmp_path: Path) -> None:
    """What dbt has parsed under other variables stays where it is."""
    incident = {
        "id": "i1",
        "kind": "training",
        "status": "resolved",
        "severity": {"data": {"id": "s1", "type": "severities", "attributes": {"name": "SEV1"}}},
        "started_at": datetime(2026, 1, 1, 20, tzinfo=UTC),
        "resolved_at": datetime(2026, 1, 1, 21, tzinfo=UTC),
    }
    severity = {"id": "s1", "name": "SEV1", "severity": "critical", "position": 1}
    database = make_raw_workspace(
        tmp_path / "warehouse.duckdb",
        {"incidents": [incident], "severities": [severity]},
        loaded_at=datetime(2026, 1, 3, tzinfo=UTC),
    )

    def built(**environment: str) -> dict[str, Any]:
        build = dbt_build(
            database, environment=environment, select=["+int_rootly__incident_durations"]
        )
        (row,) = build.query("""
            SELECT is_parity_kind, mitigation_target_seconds AS target, started_on
            FROM intermediate.int_rootly__incident_durations
        """).to_dict(orient="records")
        return row

    usual = {"is_parity_kind": False, "target": 1800, "started_on": date(2026, 1, 1)}
    assert built() == usual
    chosen = {
        "rootly_parity_kinds": ["training"],
        "rootly_mitigation_targets": {"critical": 60},
        "rootly_time_zone": "Asia/Tokyo",
    }
    changed = {"is_parity_kind": True, "target": 60, "started_on": date(2026, 1, 2)}
    assert built(ROOTLY_DBT_VARS=json.dumps(chosen)) == changed
    assert built(ROOTLY_DBT_VARS=yaml.safe_dump(chosen), ROOTLY_TIME_ZONE="UTC") == {
        **changed,
        "started_on": date(2026, 1, 1),
    }, "the zone has a setting of its own, which goes before"
    assert built(ROOTLY_DBT_VARS="") == usual


def test_no_model_asks_for_a_variable_past_the_setting() -> None:
    asking = {
        path.name
        for kind in ("models", "macros", "tests")
        for path in (PROJECT / kind).rglob("*.*")
        if re.search(r"(?<![\w.])var\(", path.read_text())
    }
    assert asking == {"variables.sql", "_rootly__sources.yml"}


def test_every_variable_is_in_the_guide_with_its_default() -> None:
    assert {name: json.loads(default) for name, default, _ in LISTED} == {
        name: default for name, default in DEFAULTS.items() if name != "rootly_schema"
    }


@pytest.mark.parametrize(("name", "example"), [(name, example) for name, _, example in LISTED])
def test_an_example_of_the_guide_is_another_value_that_is_taken(
    name: str, example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_DBT_VARS", f'{{"{name}": {example}}}')
    settings.check()
    assert settings.dbt_variables() == {**DEFAULTS, name: json.loads(example)}
    assert json.loads(example) != DEFAULTS[name]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("[1]", "is '[1]', but should be an object of dbt's variables, like"),
        ("{a", "is '{a', but should be an object of dbt's variables, like"),
        (
            '{"rootly_hourly_costs": 1}',
            "rootly_hourly_costs is not one of them (did you mean rootly_hourly_cost?)",
        ),
        ('{"cost": 1}', "cost is not one of them (there are rootly_activity_gap_minutes, rootly_"),
        ("{1: 2}", "1 is not one of them (there are rootly_activity_gap_minutes, "),
        (
            '{"rootly_schema": "raw"}',
            "rootly_schema is rootly, where the sync writes, and stays so",
        ),
        ('{"rootly_hourly_cost": "120"}', "rootly_hourly_cost is '120', but should be like 120"),
        (
            '{"rootly_recurrence_days": true}',
            "rootly_recurrence_days is True, but should be like 30",
        ),
        ('{"rootly_recurrence_days": -1}', "rootly_recurrence_days is -1, but should be like 30"),
        (
            '{"rootly_recurrence_days": null}',
            "rootly_recurrence_days is None, but should be like 30",
        ),
        ('{"rootly_hourly_cost": -1}', "rootly_hourly_cost is -1, but should not be below 0"),
        ("rootly_hourly_cost: .inf", "rootly_hourly_cost is inf, but should not be below 0"),
        ("rootly_hourly_cost: .nan", "rootly_hourly_cost is nan, but should not be below 0"),
        ('{"rootly_night_hours": [25, 99]}', "is [25, 99], but should be hours from 0 to 24"),
        ('{"rootly_earliest_start": "foo"}', "is 'foo', but should be a day, like 2018-06-01"),
        ('{"rootly_earliest_start": "2018-02-30"}', "but should be a day, like 2018-06-01"),
        ('{"rootly_earliest_start": "20180601"}', "but should be a day, like 2018-06-01"),
        ("rootly_earliest_start: 2018-06-01 10:00:00", "but should be a day, like 2018-06-01"),
        (
            '{"rootly_hour_preset": "foo"}',
            "rootly_hour_preset is 'foo', but should be one of rootly, pagerduty, incident_io, own",
        ),
        ('{"rootly_hour_preset": "own"}', "is 'own', but rootly_hour_bands gives no hours"),
        ('{"rootly_night_hours": [22]}', "rootly_night_hours is [22], but should be like [22, 6]"),
        ('{"rootly_parity_kinds": "normal"}', "is 'normal', but should be like ["),
        ('{"rootly_parity_kinds": []}', "rootly_parity_kinds is [], but should be like ["),
        ('{"rootly_parity_kinds": [1]}', "rootly_parity_kinds is [1], but should be like ["),
        ('{"rootly_mitigation_targets": {"sev1": 60}}', "is {'sev1': 60}, but should be like {"),
        ('{"rootly_earliest_start": 2010}', 'is 2010, but should be like "2010-01-01"'),
        (
            '{"rootly_hour_bands": {"days": "weekdays"}}',
            'but should be like [{"days": "weekdays", "from": 0, "until": 9, "band": "night", "after_hours": ',
        ),
        ('{"rootly_hour_bands": ["weekdays"]}', "rootly_hour_bands is ['weekdays'], but should be"),
        ('{"rootly_hour_bands": [{"days": "weekdays"}]}', "rootly_hour_bands is [{'days': '"),
        (
            "rootly_hour_bands: [{days: weekdays, from: 0, until: 24, band: off, after_hours: true}]",
            "'band': False, 'after_hours': True}], but should be like [{",
        ),
        (
            "rootly_hour_bands: [{days: weekdays, from: 0, until: 24, band: all, after_hours: 1}]",
            "'after_hours': 1}], but should be like [{",
        ),
        ('{"rootly_time_zone": "Moon"}', "of ROOTLY_DBT_VARS is 'Moon', but should be the name"),
    ],
)
def test_what_can_t_be_meant_is_told_in_a_sentence(
    given: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_DBT_VARS", given)
    with pytest.raises(NotConfigured, match=re.escape(said)):
        settings.check()


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_DBT_VARS", "{rootly_target: 1, rootly_retrospective_days: soon}")
    with pytest.raises(NotConfigured, match=r"rootly_target is not one .*; .*_days is 'soon'"):
        settings.check()


def test_a_list_of_objects_may_be_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_DBT_VARS", '{"rootly_hour_bands": []}')
    settings.check()
    assert settings.dbt_variables()["rootly_hour_bands"] == []


def test_yaml_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_DBT_VARS", "rootly_earliest_start: 2018-06-01")
    settings.check()
    assert str(settings.dbt_variables()["rootly_earliest_start"]) == "2018-06-01"
