"""What is new in the vendor's document is said by name, and nothing else is."""

from typing import Any

import msgspec
import pytest

from rootly_assets.catalogue.derive import derive
from rootly_assets.catalogue.drift import Change, Drift, Kind, compare
from rootly_assets.catalogue.endpoint import Endpoint
from rootly_assets_tests.catalogue.document import answer, attributes, document, get, query, record


def known() -> list[Endpoint]:
    return derive(document())


def drift_of(changed: dict[str, Any]) -> Drift:
    return compare(known(), derive(changed))


def changes(drift: Drift, path: str) -> list[tuple[str, str]]:
    (found,) = [each for each in drift.lists if each.path == path]
    return [(each.kind.value, each.sentence()) for each in found.changes]


def team_attributes(changed: dict[str, Any]) -> dict[str, Any]:
    team = changed["components"]["schemas"]["team"]["properties"]["attributes"]
    return team["properties"]


def test_the_same_document_is_no_drift() -> None:
    drift = drift_of(document())
    assert drift.is_current
    assert drift.lists == ()
    assert drift.summary() == "The catalogue is as Rootly's document says."


def test_another_order_is_no_drift() -> None:
    shuffled = document()
    shuffled["paths"] = dict(reversed(shuffled["paths"].items()))
    team = team_attributes(shuffled)
    for name in list(reversed(team)):
        team[name] = team.pop(name)
    assert drift_of(shuffled).is_current


def test_values_of_enumerations_that_came_or_went_are_named() -> None:
    before, after = document(), document()
    team_attributes(before)["mood"] = {"type": "string", "enum": ["calm", "busy"]}
    team_attributes(before)["tags"]["items"] = {"type": "string", "enum": ["a"]}
    team_attributes(after)["mood"] = {"type": "string", "enum": ["busy", "worried"]}
    team_attributes(after)["tags"]["items"] = {"type": "string", "enum": ["a", "b"]}
    assert changes(compare(derive(before), derive(after)), "/v1/teams") == [
        ("gone", "value mood = calm"),
        ("new", "value mood = worried"),
        ("new", "value tags = b"),
    ]


def test_a_new_column_is_named_without_its_values() -> None:
    changed = document()
    team_attributes(changed)["mood"] = {"type": "string", "enum": ["calm", "busy"]}
    assert changes(drift_of(changed), "/v1/teams") == [("new", "column mood (text)")]


def test_columns_that_came_went_or_have_another_type_are_named() -> None:
    changed = document()
    team = team_attributes(changed)
    team["color"] = {"type": "string"}
    team["position"] = {"type": "string"}
    del team["nickname"]
    assert changes(drift_of(changed), "/v1/teams") == [
        ("new", "column color (text)"),
        ("gone", "column nickname (text)"),
        ("changed", "column type position: integer → text"),
    ]


def test_a_new_list_says_which_columns_it_would_have() -> None:
    things = get(answer(record("pagers", attributes(name={"type": "string"}))))
    drift = drift_of(document(pagers=things))
    assert changes(drift, "/v1/pagers") == [("new", "list pagers with columns name text")]
    assert drift.count(Kind.NEW) == 1
    assert drift.count(Kind.CHANGED) == 0


def test_a_list_that_is_gone_is_said_once() -> None:
    changed = document()
    del changed["paths"]["/v1/brand-new-things"]
    drift = drift_of(changed)
    assert changes(drift, "/v1/brand-new-things") == [("gone", "list brand_new_things")]
    assert drift.summary() == "Rootly's document differs from the catalogue, by lists: 1 gone."


def test_includes_time_filters_and_deprecation_are_compared() -> None:
    changed = document()
    incidents = changed["paths"]["/v1/incidents"]["get"]
    incidents["parameters"] = [
        query("page[after]"),
        query("page[number]"),
        query("include", "roles", "alerts"),
        query("filter[created_at][gt]"),
    ]
    incidents["deprecated"] = True
    assert changes(drift_of(changed), "/v1/incidents") == [
        ("new", "include alerts"),
        ("gone", "include events"),
        ("new", "time filter created_at"),
        ("gone", "time filter updated_at"),
        ("changed", "deprecated: no → yes"),
    ]


def test_secrets_are_compared() -> None:
    (incidents,) = [each for each in known() if each.path == "/v1/incidents"]
    assert incidents.secrets
    bare = msgspec.structs.replace(incidents, secrets=())
    assert [change.what for change in compare([bare], [incidents]).lists[0].changes] == [
        "secret"
    ] * len(incidents.secrets)


def test_no_fact_of_a_list_is_left_out() -> None:
    """Equal by `compare` means equal: whatever a refresh would change is drift."""
    (teams,) = [each for each in known() if each.path == "/v1/teams"]
    assert teams.sort == "created_at"
    unsorted = msgspec.structs.replace(teams, sort=None)
    (found,) = compare([unsorted], [teams]).lists
    assert [each.sentence() for each in found.changes] == ["sort: none → created_at"]


@pytest.mark.parametrize("name", ["slack_bot_token", "api_key", "secret", "sip_password"])
def test_a_new_column_that_may_be_a_credential_is_pointed_out(name: str) -> None:
    change = Change(kind=Kind.NEW, what="column", name=name, after="text")
    assert change.may_be_credential
    assert "SECRETS" in change.sentence()


@pytest.mark.parametrize("name", ["tokens_used", "secrets_permissions", "key", "jira_issue_key"])
def test_other_names_are_not(name: str) -> None:
    assert not Change(kind=Kind.NEW, what="column", name=name, after="text").may_be_credential
