"""The benchmark of other warehouses at a tiny size: both ways in bring every value, and a wrong one is seen."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.destinations.command import measure
from benchmarks.destinations.places import PARQUET, POSTGRES
from benchmarks.destinations.verification import difference
from rootly_assets.catalogue import readable

ALERTS = next(endpoint for endpoint in readable() if endpoint.table == "alerts")


@pytest.mark.exhaustive
@pytest.mark.parametrize("destination", [PARQUET, POSTGRES])
def test_both_ways_in_bring_what_is_served(destination: str) -> None:
    options = Namespace(incidents=20, alerts=30, runs=1, destinations=[destination])
    (part,) = measure(options, lambda _: None).parts
    assert [row[0] for row in part.rows] == ["our sync", "dlt, typed columns"]


ROW: dict[str, Any] = {
    "id": "a",
    "summary": "Down",
    "started_at": "2026-01-01T12:00:00+02:00",
    "labels": '[{"key": "k", "value": 1}]',
}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ROW], ""),
        ([{**ROW, "started_at": "2026-01-01T10:00:00Z", "labels": [{"value": 1, "key": "k"}]}], ""),
        ([], "a is missing"),
        ([ROW, ROW], "2 rows where 1 were served"),
        ([{**ROW, "summary": "Up"}], "summary (1)"),
        ([{**ROW, "labels": "[]"}], "labels (1)"),
        ([{**ROW, "started_at": None}], "started_at (1)"),
    ],
)
def test_what_differs_is_named(tmp_path: Path, rows: list[dict[str, Any]], said: str) -> None:
    attributes = {name: value for name, value in ROW.items() if name != "id"}
    attributes["labels"] = json.loads(ROW["labels"])
    served = {"id": "a", "attributes": attributes}
    (tmp_path / "alerts.ndjson").write_text(json.dumps(served) + "\n")
    assert difference(ALERTS, rows, tmp_path) == said
