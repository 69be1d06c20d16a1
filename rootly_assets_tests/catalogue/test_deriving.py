"""What is concluded from the vendor's document, on a small one."""

import pytest

from rootly_assets.catalogue import ColumnType, Endpoint, PageStyle, Parent, Strategy
from rootly_assets.catalogue.derive import derive, plural, singular
from rootly_assets.catalogue.rulings import DEFAULT_DOMAIN
from rootly_assets_tests.catalogue.document import answer, attributes, document, get, record

ENDPOINTS = {endpoint.path: endpoint for endpoint in derive(document())}
TEAMS = ENDPOINTS["/v1/teams"]
INCIDENTS = ENDPOINTS["/v1/incidents"]
TASKS = ENDPOINTS["/v1/workflows/{workflow_id}/workflow_tasks"]
NEW = ENDPOINTS["/v1/brand-new-things"]


def test_only_lists_become_endpoints() -> None:
    assert sum(each.has_own_path for each in ENDPOINTS.values()) == 5
    assert "/v1/teams/{id}" not in ENDPOINTS


def test_a_resource_without_a_list_becomes_a_table_by_the_include_that_brings_it() -> None:
    roles = ENDPOINTS["/v1/incidents?include=roles"]
    assert roles.table == "incident_role_assignments"
    assert roles.parent == Parent(table="incidents", parameter="incident_id")
    assert not roles.has_own_path
    assert not roles.links_to


def test_attributes_are_found_through_references_and_typed() -> None:
    assert TEAMS.columns == {
        "name": ColumnType.TEXT,
        "position": ColumnType.INTEGER,
        "share": ColumnType.NUMBER,
        "on": ColumnType.BOOLEAN,
        "tags": ColumnType.JSON,
        "created_at": ColumnType.TIMESTAMP,
        "born": ColumnType.DATE,
        "seen": ColumnType.TIMESTAMP,
        "owner": ColumnType.JSON,
        "nickname": ColumnType.TEXT,
    }


def test_parts_put_together_with_all_of_are_one_record() -> None:
    assert list(INCIDENTS.columns) == ["created_at", "updated_at", "title"]


def test_credentials_are_set_aside() -> None:
    assert "zoom_meeting_password" in INCIDENTS.secrets
    assert "zoom_meeting_password" not in INCIDENTS.columns


def test_a_record_that_repeats_its_id_has_it_once() -> None:
    assert list(TASKS.columns) == ["title"]


def test_page_styles_follow_from_the_parameters() -> None:
    assert INCIDENTS.pages.style is PageStyle.CURSOR
    assert TEAMS.pages.style is PageStyle.NUMBERED
    assert NEW.pages.style is PageStyle.NONE


def test_parameters_of_a_whole_path_count_too() -> None:
    assert TASKS.pages.style is PageStyle.NUMBERED


def test_what_a_list_can_be_asked_for_is_known() -> None:
    assert TEAMS.time_filters == ("created_at",)
    assert TEAMS.sort == "created_at"
    assert INCIDENTS.sort is None
    assert INCIDENTS.time_filters == ("updated_at",)
    assert INCIDENTS.includes == ("roles", "events")
    assert TEAMS.has_meta
    assert not NEW.has_meta
    assert ENDPOINTS["/v1/old_things"].deprecated


def test_nested_lists_know_their_parent_and_are_read_under_it() -> None:
    assert TASKS.table == "workflow_tasks"
    assert TASKS.parent == Parent(table="workflows", parameter="workflow_id")
    assert TASKS.strategy is Strategy.CHILDREN


def test_a_list_nobody_knew_becomes_a_table_in_the_default_domain() -> None:
    assert (NEW.table, NEW.domain, NEW.strategy) == (
        "brand_new_things",
        DEFAULT_DOMAIN,
        Strategy.WHOLE,
    )


def test_a_nested_list_without_a_record_type_is_named_by_its_path() -> None:
    untyped = {"type": "object", "properties": {"attributes": attributes(name={"type": "string"})}}
    path = "policies/{policy_id}/brand-new-steps"
    found = {each.path: each for each in derive(document(**{path: get(answer(untyped))}))}
    assert found[f"/v1/{path}"].table == "policy_brand_new_steps"


def test_two_lists_that_claim_one_table_are_refused_with_the_remedy() -> None:
    again = get(answer(record("workflow_tasks", attributes())))
    with pytest.raises(ValueError, match=r"both become table 'workflow_tasks'.*rulings\.py"):
        derive(document(**{"teams/{team_id}/workflow_tasks": again}))


def test_a_reference_to_nothing_is_named() -> None:
    broken = get(answer({"$ref": "#/components/schemas/nobody"}))
    with pytest.raises(ValueError, match=r"#/components/schemas/nobody"):
        derive(document(broken_things=broken))


def test_a_document_without_lists_never_empties_the_catalogue() -> None:
    with pytest.raises(ValueError, match="no list"):
        derive({"openapi": "3.0.1", "paths": {}})


def test_deriving_twice_gives_the_same() -> None:
    def order(endpoint: Endpoint) -> tuple[str, str, str]:
        return endpoint.domain, endpoint.table, endpoint.path

    endpoints = derive(document())
    assert endpoints == derive(document())
    assert endpoints == sorted(endpoints, key=order)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("policy", "policies"),
        ("status", "statuses"),
        ("key", "keys"),
        ("service", "services"),
        ("cause", "causes"),
        ("heartbeat", "heartbeats"),
        ("escalation_policy", "escalation_policies"),
        ("alert_urgency", "alert_urgencies"),
        ("sub_status", "sub_statuses"),
    ],
)
def test_singular_and_plural(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one
