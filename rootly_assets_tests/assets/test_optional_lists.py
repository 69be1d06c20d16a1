"""Lists that are assets only where somebody asks for them: deprecated ones, and those of single events."""

import pytest

from rootly_assets.assets.raw import domain_assets
from rootly_assets.catalogue import readable, wired
from rootly_assets.errors import NotConfigured
from rootly_assets.settings import lists

DEPRECATED = {each.table for each in readable() if each.deprecated}


def asked_for(monkeypatch: pytest.MonkeyPatch, names: str) -> set[str]:
    monkeypatch.setenv("ROOTLY_OPTIONAL_LISTS", names)
    return {each.table for each in lists()} - {each.table for each in wired()}


def test_nobody_gets_them_without_asking() -> None:
    assert lists() == wired()
    assert not [each.table for each in lists() if each.optional]


def test_one_word_asks_for_all_deprecated_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked_for(monkeypatch, "deprecated") == DEPRECATED


def test_any_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    named = "incident_event_services, custom_fields"
    assert asked_for(monkeypatch, named) == {"incident_event_services", "custom_fields"}


def test_a_name_that_is_none_of_them_is_told_with_those_that_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(NotConfigured, match=r"names custom_feilds, but .* custom_fields"):
        asked_for(monkeypatch, "custom_feilds")


def test_they_become_assets_of_their_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = {key.path[-1] for key in domain_assets("forms").keys}
    monkeypatch.setenv("ROOTLY_OPTIONAL_LISTS", "deprecated")
    found = {key.path[-1] for key in domain_assets("forms").keys}
    assert found - usual == {"custom_fields", "custom_field_options"}
