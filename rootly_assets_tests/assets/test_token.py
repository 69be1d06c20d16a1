"""The token is known to the client alone: Dagster shows the name of its variable."""

import dagster as dg
import pytest
from dagster._core.remote_representation.external_data import RepositorySnap

from rootly_assets.settings import outside_of_runs, rootly_resource
from rootly_assets_tests.assets.conftest import TOKEN


def test_the_ui_is_given_the_name_of_the_variable(definitions: dg.Definitions) -> None:
    shown = dg.serialize_value(RepositorySnap.from_def(definitions.get_repository_def()))
    assert "ROOTLY_API_TOKEN" in shown
    assert TOKEN not in shown


def test_no_repr_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_API_TOKEN", TOKEN)
    resource = rootly_resource().process_config_and_initialize()
    assert resource.token == TOKEN
    client = resource.client()
    for thing in (rootly_resource(), resource, client, client.settings):
        assert TOKEN not in repr(thing)
        assert TOKEN not in str(thing)


def test_the_client_reads_the_variable_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_API_TOKEN", TOKEN)
    named = rootly_resource()
    monkeypatch.setenv("ROOTLY_API_TOKEN", "a-newer-one")
    assert named.process_config_and_initialize().token == "a-newer-one"
    assert outside_of_runs(named).token == "a-newer-one"


def test_outside_of_runs_a_client_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_API_TOKEN", TOKEN)
    monkeypatch.setenv("ROOTLY_RETRIES", "7")
    in_a_run = rootly_resource().process_config_and_initialize()
    assert outside_of_runs(rootly_resource()).checked_settings() == in_a_run.checked_settings()
