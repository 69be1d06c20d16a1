"""No model compares every row of one table with every row of another, which no large history would survive."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from rootly_assets_tests.dbt.dbt_build import Build

# Inner ones are with a single row: when data was loaded, or since when there is any.
ROW_BY_ROW = {"BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN"}


def operators(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from operators(child)


def test_an_outer_join_finds_its_rows_by_a_key(build_of_hundreds: Build) -> None:
    nodes = build_of_hundreds.manifest["nodes"].values()
    compiled = {
        str(node["name"]): node["compiled_code"]
        for node in nodes
        if node["resource_type"] in ("model", "test") and node.get("compiled_code")
    }
    assert len(compiled) > 200
    slow: dict[str, str] = {}
    with duckdb.connect(str(build_of_hundreds.database), read_only=True) as connection:
        for name, query in compiled.items():
            explained = connection.execute(f"EXPLAIN (FORMAT json) {query}").fetchall()
            for each in operators(json.loads(explained[0][1])[0]):
                said = each["extra_info"]
                if each["name"] in ROW_BY_ROW and said["Join Type"] != "INNER":
                    slow[name] = said.get("Condition") or said.get("Conditions")
    assert not slow
