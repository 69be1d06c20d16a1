"""Panels of a user's own give the numbers that Rootly computes for them, by a path of its own.

And where they don't, the reason that is named rests on rows: each is brought about here, and one that none is.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootly_assets.panels.parity import Panel, compare
from rootly_assets.sandbox.company.settings import dashboards, panel_numbers, samples
from rootly_assets.sandbox.company.settings.panel_numbers import numbers
from rootly_assets_tests.panels.panels_by_chance import panels
from rootly_assets_tests.panels.workspace import PanelWorkspace, panel_workspace

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PanelWorkspace]:
    with panel_workspace(tmp_path_factory.mktemp("panels")) as made:
        yield made


def params(display: str = "aggregate_value", **dataset: Any) -> dict[str, Any]:
    asked = {"name": None, "collection": "incidents", "filter": [], "group_by": None}
    return {"display": display, "datasets": [{**asked, "aggregate": None, **dataset}]}


@pytest.fixture(scope="module")
def measured(sandbox: PanelWorkspace) -> dict[str, list[samples.Sample]]:
    """What the sandbox's own computation looks at, when `tables` was made."""
    return samples.collect(sandbox.workspace)


@pytest.fixture(scope="module")
def tables(sandbox: PanelWorkspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """The panels' models in memory: hundreds of panels are asked for."""
    with duckdb.connect() as memory:
        memory.execute("SET TimeZone = 'UTC'; CREATE SCHEMA intermediate")
        memory.execute(f"ATTACH '{sandbox.database}' AS warehouse (READ_ONLY)")
        for name in ("measures", "attributes", "keyed_attributes"):
            table = f"intermediate.int_rootly__panel_{name}"
            memory.execute(f"CREATE TABLE {table} AS FROM warehouse.{table}")
        memory.execute("DETACH warehouse")
        yield memory


@settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_panel_has_rootlys_numbers(
    sandbox: PanelWorkspace,
    measured: dict[str, list[samples.Sample]],
    tables: duckdb.DuckDBPyConnection,
    data: st.DataObject,
) -> None:
    asked = data.draw(panels(measured))
    shown = panel_numbers.Range(
        *(sandbox.shown.since, sandbox.shown.until),
        data.draw(st.sampled_from(["day", "week", "month", "quarter", "year"])),
    )
    theirs = numbers(asked, "Panel", measured, shown)
    keys = {row[0] for row in tables.execute(KEYS).fetchall()}
    panel = Panel(
        *("p", "Ours", "Panel"),
        params=msgspec.json.encode(asked).decode(),
        data=msgspec.json.encode(theirs).decode(),
        span=f"{shown.since.isoformat()} to {shown.until.isoformat()}",
        period=shown.period,
    )
    rows = list(compare(panel, tables, time_zone="America/Los_Angeles", keys=keys))
    assert [row for row in rows if not row.agrees] == []


KEYS = "SELECT DISTINCT attribute FROM intermediate.int_rootly__panel_keyed_attributes"


def test_incidents_without_a_commander_are_counted_by_each_way_to_name_the_role(
    sandbox: PanelWorkspace, tables: duckdb.DuckDBPyConnection
) -> None:
    """The example of Rootly's own guide; here the truth is counted from the records."""
    (role,) = (
        each
        for each in sandbox.workspace.records("incident_roles")
        if each.attributes["name"] == "Technical Lead"
    )
    held = {
        each.parents["incident_id"]
        for each in sandbox.workspace.records("incident_role_assignments")
        if each.attributes["incident_role"]["data"]["id"] == role.id
    }
    shown = [
        sample.name
        for sample in samples.collect(sandbox.workspace)["incidents"]
        if sandbox.shown.since <= sample.at <= sandbox.shown.until
    ]
    vacant = sum(
        f"#{each.attributes['sequential_id']} {each.attributes['title']}" in shown
        for each in sandbox.workspace.records("incidents")
        if each.id not in held
    )
    assert 0 < vacant < len(shown)
    for key, value in (
        (f"incident_role:{role.id}", None),
        ("incident_role", role.id),
        ("incident_role:technical-lead", None),
        (role.id, None),
        ("technical-lead", ""),
    ):
        rule = {"operation": "and", "condition": "unassigned", "key": key, "value": value}
        asked = params(filter=[{"operation": "and", "rules": [rule]}])
        data = [{"name": "Panel", "data": {"value": vacant}}]
        span = f"{sandbox.shown.since.isoformat()} to {sandbox.shown.until.isoformat()}"
        texts = [msgspec.json.encode(each).decode() for each in (asked, data)]
        panel = Panel("p", "Ours", "Panel", *texts, span, "day")
        (row,) = compare(panel, tables, time_zone="UTC")
        assert row.agrees, row


def test_a_role_that_the_workspace_does_not_have_is_named_and_not_counted(
    sandbox: PanelWorkspace, tables: duckdb.DuckDBPyConnection
) -> None:
    keys = {row[0] for row in tables.execute(KEYS).fetchall()}
    asked = params(group_by={"key": "incident_role", "value": "court-jester"})
    text = msgspec.json.encode(asked).decode()
    span = f"{sandbox.shown.since.isoformat()} to {sandbox.shown.until.isoformat()}"
    panel = Panel("p", "Ours", "Panel", text, "[]", span, "day")
    (row,) = compare(panel, tables, time_zone="UTC", keys=keys)
    assert row.agrees is None
    assert row.reason == "not compared: the workspace has no incident role 'court-jester'"


class TestReasons:
    """Each reason is brought about in the workspace itself, then everything is read anew."""

    @pytest.fixture(scope="class")
    def sandbox(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PanelWorkspace]:
        """One of its own, since these tests change it."""
        with panel_workspace(tmp_path_factory.mktemp("reasons")) as made:
            yield made

    @pytest.fixture(autouse=True)
    def fresh(self, sandbox: PanelWorkspace) -> None:
        """Long after whatever another test did."""
        sandbox.workspace.advance(timedelta(hours=3))

    def reason(self, sandbox: PanelWorkspace, panel: str) -> str:
        sandbox.sync()
        (row,) = sandbox.compared(panel)
        assert row.agrees is False
        assert row.reason is not None
        return row.reason

    def test_a_number_that_is_older_than_a_change_says_which_moment_it_is_of(
        self, sandbox: PanelWorkspace
    ) -> None:
        panel = sandbox.add_panel(
            "MTTR", params(aggregate={"operation": "average", "key": "resolution_time"})
        )
        dashboards.refresh(sandbox.workspace)
        open_one = next(
            each
            for each in reversed(sandbox.workspace.records("incidents"))
            if each.attributes["resolved_at"] is None and each.attributes["started_at"]
        )
        sandbox.workspace.advance(timedelta(minutes=5))
        at = sandbox.workspace.timestamp(sandbox.workspace.now)
        sandbox.workspace.update("incidents", open_one.id, status="resolved", resolved_at=at)
        reason = self.reason(sandbox, panel)
        assert reason.startswith("cache age: "), reason
        assert reason.endswith("ours is the same"), reason

    def test_a_count_may_differ_by_as_many_as_changed_and_no_more(
        self, sandbox: PanelWorkspace
    ) -> None:
        rule = {"operation": "and", "condition": "=", "key": "status", "value": "closed"}
        panel = sandbox.add_panel("Closed", params(filter=[{"operation": "and", "rules": [rule]}]))
        dashboards.refresh(sandbox.workspace)
        record = sandbox.workspace.get("dashboard_panels", panel)
        assert record is not None
        shown = record.attributes["data"][0]["data"]["value"]
        sandbox.workspace.advance(timedelta(minutes=5))
        closed = [
            each
            for each in reversed(sandbox.workspace.records("incidents"))
            if each.attributes["status"] == "closed"
        ][:2]
        for each in closed:
            sandbox.workspace.update("incidents", each.id, status="resolved")
        reason = self.reason(sandbox, panel)
        assert reason.startswith("cache age: "), reason
        assert reason.endswith("no fewer than the difference"), reason

        record.attributes["data"] = [{"name": "Closed", "data": {"value": shown + 40}}]
        record.changed()
        assert self.reason(sandbox, panel).startswith("unexplained: "), "40 did not change"

    def test_more_records_than_rootly_looks_at(
        self, sandbox: PanelWorkspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("rootly_assets.panels.reasons.MOST_RECORDS", 50)
        monkeypatch.setattr(panel_numbers, "MOST_RECORDS", 50)
        panel = sandbox.add_panel("Alerts", params(collection="alerts"))
        dashboards.refresh(sandbox.workspace)
        assert self.reason(sandbox, panel).startswith("record cap: ")

        monkeypatch.setattr("rootly_assets.panels.reasons.MOST_RECORDS", 10_000)
        assert self.reason(sandbox, panel).startswith("unexplained: "), "there are not so many"

    def test_a_measure_that_rootly_does_not_explain(
        self, sandbox: PanelWorkspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(samples, "_workers", lambda _: {"7", "8", "9"})
        hours = {"operation": "sum", "key": "hours_worked_until_resolved"}
        panel = sandbox.add_panel("Hours", params(aggregate=hours))
        dashboards.refresh(sandbox.workspace)
        reason = self.reason(sandbox, panel)
        assert reason.startswith("undocumented key: "), reason

    def test_periods_that_are_cut_in_another_zone(
        self, sandbox: PanelWorkspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        panel = sandbox.add_panel("Alerts by day", params("line_chart", collection="alerts"))
        dashboards.refresh(sandbox.workspace)
        sandbox.sync()
        assert all(row.agrees for row in sandbox.compared(panel))
        monkeypatch.setenv("ROOTLY_TIME_ZONE", "Asia/Tokyo")
        differing = [row.reason for row in sandbox.compared(panel) if not row.agrees]
        assert differing
        assert all(
            str(each).startswith("time zone: periods are cut in Asia/Tokyo") for each in differing
        )

    def test_a_number_that_nothing_accounts_for_is_unexplained(
        self, sandbox: PanelWorkspace
    ) -> None:
        panel = sandbox.add_panel("Incidents", params())
        dashboards.refresh(sandbox.workspace)
        record = sandbox.workspace.get("dashboard_panels", panel)
        assert record is not None
        (series,) = record.attributes["data"]
        series["data"]["value"] += 3
        record.changed()
        # Nothing happened to an incident for longer than Rootly keeps its numbers.
        for each in sandbox.workspace.records("incidents"):
            each.attributes["updated_at"] = each.attributes["created_at"]
            each.changed()
        reason = self.reason(sandbox, panel)
        assert reason.startswith("unexplained: "), reason
