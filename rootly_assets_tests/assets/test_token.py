"""The token is known to the client alone: Dagster shows the name of its variable."""

import dagster as dg
import pytest
from dagster._core.remote_representation.external_data import RepositorySnap

from rootly_assets.api import RootlyResource
from rootly_assets.settings import (
    CLIENT_NUMBERS,
    CLIENT_VARIABLES,
    outside_of_runs,
    rootly_resource,
)
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


def test_the_client_is_as_the_environment_sets_it_also_outside_of_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = RootlyResource()
    expected: dict[str, str | int] = {}
    for name, field in CLIENT_VARIABLES.items():
        expected[field] = {"base_url": "https://rootly.example", "personal_data": "hash"}.get(
            field, f"of-{name}"
        )
        monkeypatch.setenv(name, str(expected[field]))
    for number, (name, (field, _, _)) in enumerate(CLIENT_NUMBERS.items(), start=71):
        expected[field] = number
        monkeypatch.setenv(name, str(number))
    in_a_run = rootly_resource().process_config_and_initialize()
    outside = outside_of_runs(rootly_resource())
    for field, value in expected.items():
        assert getattr(in_a_run, field) == getattr(outside, field) == value
        assert value != getattr(usual, field)
    assert outside.checked_settings() == in_a_run.checked_settings()
