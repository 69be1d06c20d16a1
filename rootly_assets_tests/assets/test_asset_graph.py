"""Every list is an asset that says what it is, and lineage runs from the lists to the last mart."""

import dagster as dg

from rootly_assets.assets.checks import DESCRIPTIONS
from rootly_assets.catalogue import wired
from rootly_assets_tests.assets import asset_graph

LAYERS = {"staging", "intermediate", "marts", "semantic", "reports"}
# What is not Rootly's: how far each table has been read, and what we know of the API.
OURS = {"rootly/_rootly_sync", "rootly/_catalogue"}


def test_every_list_is_an_asset_in_the_group_of_its_domain(specs: dict[str, dg.AssetSpec]) -> None:
    found = {
        key: spec.group_name
        for key, spec in specs.items()
        if spec.group_name not in LAYERS and key not in OURS
    }
    assert found == {f"rootly/{each.table}": each.domain for each in wired()}


def test_every_top_level_list_is_among_them() -> None:
    assert sum(endpoint.parent is None for endpoint in wired()) >= 60


def test_a_list_says_what_it_is_where_it_comes_from_and_who_cares(
    specs: dict[str, dg.AssetSpec],
) -> None:
    for endpoint in wired():
        spec = specs[f"rootly/{endpoint.table}"]
        assert spec.description, spec.key
        assert spec.kinds == {"python", "duckdb"}
        assert list(spec.owners) == ["team:reliability"]
        assert spec.tags["rootly/strategy"] == endpoint.strategy.value
        assert spec.metadata["rootly/endpoint"] == f"GET {endpoint.path}"
        assert spec.metadata["dagster/table_name"] == f"rootly.{endpoint.table}"
        assert spec.freshness_policy is not None


def test_a_list_declares_its_columns_before_it_was_ever_read(
    specs: dict[str, dg.AssetSpec],
) -> None:
    for endpoint in wired():
        schema = specs[f"rootly/{endpoint.table}"].metadata["dagster/column_schema"]
        assert isinstance(schema, dg.TableSchema)
        columns = {column.name: column for column in schema.columns}
        assert columns["id"].constraints.unique
        assert not columns["id"].constraints.nullable
        assert {"_synced_at", "_deleted_at", "_rescued", "relationships"} <= columns.keys()
        assert set(endpoint.columns) <= columns.keys()
        assert not set(endpoint.secrets) & columns.keys()


def test_a_nested_list_comes_from_its_parent(specs: dict[str, dg.AssetSpec]) -> None:
    nested = [endpoint for endpoint in wired() if endpoint.parent]
    assert nested
    for endpoint in nested:
        assert endpoint.parent is not None
        deps = {dep.asset_key.to_user_string() for dep in specs[f"rootly/{endpoint.table}"].deps}
        assert deps == {f"rootly/{endpoint.parent.table}"}


def test_every_model_is_described_and_owned(specs: dict[str, dg.AssetSpec]) -> None:
    models = [spec for spec in specs.values() if spec.group_name in LAYERS]
    assert {spec.group_name for spec in models} == LAYERS
    for spec in models:
        assert spec.description, spec.key
        assert list(spec.owners) == ["team:reliability"]
        assert spec.group_name == "reports" or "dbt" in spec.kinds


def test_what_people_read_goes_stale_as_the_lists_do(specs: dict[str, dg.AssetSpec]) -> None:
    of_lists = specs["rootly/incidents"].freshness_policy
    for key in ("marts/fct_incidents", "marts/metrics_incident_times", "rootly_report"):
        assert specs[key].freshness_policy == of_lists
    assert specs["staging/stg_rootly__incidents"].freshness_policy is None, "a view"


def test_lineage_runs_from_the_incidents_to_the_last_mart(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    downstream = dg.AssetSelection.assets("rootly/incidents").downstream().resolve(graph)
    reached = {key.to_user_string() for key in downstream}
    assert {
        "staging/stg_rootly__incidents",
        "marts/fct_incidents",
        "marts/incident_metrics_daily",
        "marts/incident_metrics_daily_by_team",
        "marts/incident_metrics_last_90_days",
    } <= reached


def test_each_list_has_the_checks_that_keep_its_promises(definitions: dg.Definitions) -> None:
    keys = definitions.resolve_asset_graph().asset_check_keys
    for endpoint in wired():
        key = dg.AssetKey(endpoint.asset_key)
        assert {check.name for check in keys if check.asset_key == key} >= set(DESCRIPTIONS)


def test_dbt_tests_are_checks_of_the_models(definitions: dg.Definitions) -> None:
    keys = definitions.resolve_asset_graph().asset_check_keys
    of_fact = {check.name for check in keys if check.asset_key.path == ["marts", "fct_incidents"]}
    assert "unique_fct_incidents_incident_id" in of_fact


def test_the_graph_is_the_one_that_was_agreed(specs: dict[str, dg.AssetSpec]) -> None:
    """Where it should differ: `python -m rootly_assets_tests.assets.asset_graph`, and read the diff."""
    assert asset_graph.as_text(specs.values()) == asset_graph.SNAPSHOT.read_text()
