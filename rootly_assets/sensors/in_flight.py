"""Runs that are under way, by what they will have brought up to date when they end."""

import dagster as dg

from rootly_assets.run_health import under_way


def run_in_flight(
    instance: dg.DagsterInstance, repository: dg.RepositoryDefinition, key: dg.AssetKey
) -> dg.DagsterRun | None:
    """A run that is queued or going on and materializes an asset; None if there is none."""
    runs = under_way(instance)
    return next((run for run in runs if key in _assets(run, repository)), None)


def _assets(run: dg.DagsterRun, repository: dg.RepositoryDefinition) -> frozenset[dg.AssetKey]:
    """The assets of a run: those that it was asked for, else all of its job."""
    if run.asset_selection is not None:
        return frozenset(run.asset_selection)
    if not repository.has_job(run.job_name):
        return frozenset()
    layer = repository.get_job(run.job_name).asset_layer
    return frozenset(layer.selected_asset_keys)
