"""Whoever asks for some models in an empty warehouse gets them, and no check is red for want of others."""

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from rootly_assets.assets.upstream import unbuilt
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.assets.conftest import configured

# Of the first, links are looked at in thirty others; the second reads seeds, and facts of facts.
ASKED_FOR = {"staging/stg_rootly__incidents", "marts/panels_workload"}


@pytest.fixture(scope="module")
def ended(manifest: Path, tmp_path_factory: pytest.TempPathFactory) -> dg.ExecuteInProcessResult:
    with configured(tmp_path_factory.mktemp("some_models"), manifest) as patch:
        patch.setenv("ROOTLY_COLUMN_LINEAGE", "false")
        from rootly_assets.definitions import defs

        with dg.DagsterInstance.ephemeral() as instance:
            return (
                defs()
                .resolve_implicit_global_asset_job_def()
                .execute_in_process(
                    asset_selection=[dg.AssetKey(each.split("/")) for each in ASKED_FOR],
                    instance=instance,
                    raise_on_error=False,
                )
            )


def _made(ended: dg.ExecuteInProcessResult) -> dict[str, str | None]:
    """Assets that the run materialized, and what it said of each."""
    events = ended.filter_events(lambda event: event.is_step_materialization)
    found = (event.step_materialization_data.materialization for event in events)
    return {each.asset_key.to_user_string(): each.description for each in found}


@pytest.mark.exhaustive
def test_they_are_built_with_what_they_read_and_nothing_else(
    ended: dg.ExecuteInProcessResult,
) -> None:
    assert ended.success
    made = _made(ended)
    assert made.keys() >= ASKED_FOR | {
        "intermediate/int_rootly__panel_measures",
        "marts/fct_alerts",
        "seeds/rootly_default_panels",
    }
    assert not made.keys() & {"marts/fct_incidents", "marts/panels_on_call_metrics"}


@pytest.mark.exhaustive
def test_what_was_built_beside_them_says_why(ended: dg.ExecuteInProcessResult) -> None:
    made = _made(ended)
    why = "Built because a model that was asked for reads it."
    assert {name for name, said in made.items() if said == why} == made.keys() - ASKED_FOR


@pytest.mark.exhaustive
def test_their_checks_pass_and_those_that_look_at_other_models_wait(
    ended: dg.ExecuteInProcessResult,
) -> None:
    checks = {
        (each.asset_key.to_user_string(), each.check_name): each.passed
        for each in ended.get_asset_check_evaluations()
    }
    assert set(checks.values()) == {True}
    assert {asset for asset, _ in checks} == {"marts/panels_workload"}
    assert "every_link_finds_its_record" not in {name for _, name in checks}


MADE_OF = {
    "mart": ["facts", "names", "source.raw"],
    "facts": ["staging", "names"],
    "staging": ["source.raw"],
    "names": [],
}
MANIFEST = {
    "nodes": {
        name: {"schema": "marts", "alias": name, "depends_on": {"nodes": parents}}
        for name, parents in MADE_OF.items()
    }
}


def test_where_no_model_was_ever_built_all_that_it_reads_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "nothing.duckdb"
    duckdb.connect(str(file)).close()
    nothing = FileSource(file)
    assert unbuilt(MANIFEST, ["mart"], nothing) == ["facts", "names", "staging"]
    assert unbuilt(MANIFEST, ["staging"], nothing) == []
