"""The weekly check says what Rootly added to its API, and warns where it can't be asked."""

import json
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from rootly_assets.assets import drift as drift_check
from rootly_assets.catalogue.derive import derive
from rootly_assets_tests.catalogue.document import document


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document that says just what the catalogue says, until somebody changes it."""
    path = tmp_path / "swagger.json"
    path.write_text(json.dumps(document()))
    monkeypatch.setenv("ROOTLY_OPENAPI_URL", str(path))
    monkeypatch.setattr(drift_check, "catalogue", lambda: tuple(derive(document())))
    return path


Run = Callable[[], tuple[dg.ExecuteInProcessResult, dg.AssetCheckEvaluation]]


@pytest.fixture
def run(definitions: dg.Definitions, instance: dg.DagsterInstance) -> Run:
    def carry_out() -> tuple[dg.ExecuteInProcessResult, dg.AssetCheckEvaluation]:
        job = definitions.resolve_job_def("rootly_drift")
        result = job.execute_in_process(instance=instance)
        (evaluation,) = result.get_asset_check_evaluations()
        return result, evaluation

    return carry_out


def test_a_catalogue_that_is_current_passes(run: Run, source: Path) -> None:
    result, evaluation = run()
    assert result.success
    assert evaluation.passed
    assert evaluation.check_name == "catalogue_is_current"
    assert evaluation.asset_key.to_user_string() == "rootly/_catalogue"
    assert evaluation.metadata["document"].value == str(source)


def test_what_is_new_is_a_warning_with_a_table(run: Run, source: Path) -> None:
    grown = document()
    team = grown["components"]["schemas"]["team"]["properties"]["attributes"]["properties"]
    team["color"] = {"type": "string"}
    source.write_text(json.dumps(grown))
    result, evaluation = run()
    assert result.success
    assert not evaluation.passed
    assert evaluation.severity is dg.AssetCheckSeverity.WARN
    assert "1 changed" in str(evaluation.description)
    table = evaluation.metadata["what differs"]
    assert isinstance(table, dg.TableMetadataValue)
    assert [record.data for record in table.records] == [
        {"list": "/v1/teams", "table": "teams", "kind": "new", "change": "column color (text)"}
    ]
    assert f"refresh {source}" in str(evaluation.metadata["to take it over"].value)


@pytest.mark.usefixtures("source")
def test_a_long_table_is_cut_and_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift_check, "catalogue", lambda: ())
    monkeypatch.setattr(drift_check, "MOST_CHANGES", 2)
    _, evaluation = run()
    table = evaluation.metadata["what differs"]
    assert isinstance(table, dg.TableMetadataValue)
    assert len(table.records) == 3
    assert table.records[-1].data["change"] == f"and {len(derive(document())) - 2} more changes"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("https://nowhere.invalid/swagger.json", "nowhere.invalid"),
        ("http://127.0.0.1:9/swagger.json", "can't be reached"),
        ("/nowhere/swagger.json", "No such file"),
    ],
)
def test_a_document_out_of_reach_is_a_warning_and_no_failure(
    run: Run, monkeypatch: pytest.MonkeyPatch, where: str, said: str
) -> None:
    monkeypatch.setenv("ROOTLY_OPENAPI_URL", where)
    result, evaluation = run()
    assert result.success
    assert not evaluation.passed
    assert evaluation.severity is dg.AssetCheckSeverity.WARN
    assert str(evaluation.description).startswith("Not compared. ")
    assert said in str(evaluation.description)
    assert "Traceback" not in str(evaluation.description)


def test_no_other_job_asks_for_the_document(definitions: dg.Definitions) -> None:
    for job in definitions.resolve_all_job_defs():
        nodes = {node.name for node in job.graph.nodes}
        if job.name != "rootly_drift" and not job.name.startswith("__"):
            assert not any("catalogue_is_current" in name for name in nodes), job.name
