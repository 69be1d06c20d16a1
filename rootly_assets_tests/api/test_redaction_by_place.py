"""What is a credential only where it stands: below a heartbeat, a task, a stored secret, or in a URL."""

import json

import pytest

from rootly_assets.api.personal_data import PersonalData
from rootly_assets.api.redaction import Redactor
from rootly_assets_tests.api.redacting import redacted, wrapped
from rootly_assets_tests.api.redaction_reference import hashed


def test_an_email_address_is_a_credential_only_where_it_is_a_heartbeats():
    address = {"email_address": "h@example.com"}
    gone = {"email_address": None}
    assert redacted(wrapped(address, "heartbeats")) == wrapped(gone, "heartbeats")
    assert redacted(wrapped(address), within="heartbeats") == wrapped(gone)
    assert redacted(wrapped({"heartbeat": {"data": {"attributes": address}}})) == wrapped(
        {"heartbeat": {"data": {"attributes": gone}}}
    )
    mixed = {"data": [], "included": [*wrapped(address, "heartbeats")["data"]]}
    assert redacted(mixed)["included"][0]["attributes"] == gone
    assert redacted(wrapped({"source": "heartbeat", **address})) == wrapped(
        {"source": "heartbeat", **address}
    )


def test_nothing_of_a_stored_secret_is_left_but_its_id():
    found = redacted(
        wrapped({"name": "db", "secret": "hush", "hashicorp_vault_path": "/p"}, "secrets")
    )
    assert found == {"data": [{"id": "1", "type": "secrets", "attributes": None}]}


AUTHORIZED = json.dumps({"Authorization": "Bearer hush"})


@pytest.mark.parametrize("headers", [AUTHORIZED, json.loads(AUTHORIZED), None])
def test_what_authorizes_a_workflows_request_at_its_receiver_is_hidden(headers):
    task = {"task_type": "http_client", "headers": headers, "method": "POST"}
    gone = {**task, "headers": None}
    assert redacted(wrapped({"task_params": task})) == wrapped({"task_params": gone})
    changed = {"object_changes": {"task_params": [task, json.dumps(task)]}}
    found = redacted(wrapped(changed, "audits"))["data"][0]["attributes"]["object_changes"]
    old, new = found["task_params"]
    assert [old, json.loads(new)] == [gone, gone]


def test_headers_of_anything_else_stay():
    attributes = {"data": {"headers": {"Subject": "disk full"}}, "table": {"headers": ["a", "b"]}}
    assert redacted(wrapped(attributes)) == wrapped(attributes)


@pytest.mark.parametrize("kind", ["Heartbeat", "Alerts::Heartbeat"])
def test_an_audit_of_a_heartbeat_does_not_tell_its_address(kind):
    changes = {"name": ["a", "b"], "email_address": ["hush@x.example", "hush@y.example"]}
    audit = {"item_type": kind, "object": {"name": "b", "email_address": "hush@y.example"}}
    found = redacted(wrapped({**audit, "object_changes": changes}, "audits"))
    assert found["data"][0]["attributes"] == {
        "item_type": kind,
        "object": {"name": "b", "email_address": None},
        "object_changes": {"name": ["a", "b"], "email_address": None},
    }
    texts = {"object": json.dumps(audit["object"]), "object_changes": json.dumps(changes)}
    assert "hush" not in json.dumps(redacted(wrapped({"item_type": kind, **texts}, "audits")))


def test_an_audit_of_a_stored_secret_tells_nothing_but_that_it_took_place():
    audit = {"event": "update", "item_type": "Secret", "item_id": "1"}
    changed = {"object": {"value": "hush"}, "object_changes": '{"value": ["a", "hush"]}'}
    found = redacted(wrapped({**audit, **changed}, "audits"))
    assert found == wrapped({**audit, "object": None, "object_changes": None}, "audits")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("redis://:hush@host:6379/1", "redis://:[redacted]@host:6379/1"),
        (
            "could not reach https://ada:hu:sh@x.example.",
            "could not reach https://ada:[redacted]@x.example.",
        ),
        ("<https://ada:h&üsh\u2028@x.example|x>", "<https://ada:[redacted]@x.example|x>"),
        ("https://x.example:443/@ada", "https://x.example:443/@ada"),
        ("https://x.example:443 by a@b.example", "https://x.example:443 by a@b.example"),
        (
            "mailto:ada@b.example, https://ada@b.example",
            "mailto:ada@b.example, https://ada@b.example",
        ),
    ],
)
@pytest.mark.parametrize("setting", ["keep", "names=drop,emails=keep,phones=keep"])
def test_the_password_of_a_url_is_hidden_wherever_it_stands(text, kept, setting):
    attributes = {
        "title": text,
        "payload": json.dumps({"url": text}),
        "ping_url": text,
        "l": [text],
    }
    found = redacted(wrapped(attributes), setting)
    expected = {"title": kept, "payload": {"url": kept}, "ping_url": None, "l": [kept]}
    attributes = found["data"][0]["attributes"]
    assert {**attributes, "payload": json.loads(attributes["payload"])} == expected
    assert redacted(found, setting) == found


REQUEST = {"task_type": "http_client", "url": "https://x.example/?api_key=hush", "method": "POST"}


@pytest.mark.parametrize("setting", ["keep", "drop"])
def test_what_a_workflows_request_sends_is_hidden_and_what_it_asks_is_not(setting):
    sent = {"params": '{"key": "hush"}', "body": "hush", "headers": None}
    found = redacted(wrapped({"task_params": {**REQUEST, **sent}}), setting)
    assert found["data"][0]["attributes"]["task_params"] == {
        **REQUEST,
        "url": "https://x.example/?api_key=[redacted]",
        "params": None,
        "body": None,
        "headers": None,
    }


def test_the_body_of_a_task_that_is_no_request_stays():
    attributes = {"task_params": {"task_type": "send_email", "body": "Dear all"}, "body": "x"}
    assert redacted(wrapped(attributes)) == wrapped(attributes)


@pytest.mark.parametrize("named", ["field", "name", "key"])
@pytest.mark.parametrize("setting", ["keep", "drop"])
@pytest.mark.parametrize("name", ["secret", "authentication_password"])
def test_a_credential_beside_its_name_is_hidden(named, setting, name):
    changes = [{named: name, "from": None, "to": "hush"}, {named: "title", "to": "kept"}]
    plain = redacted(wrapped({"object_changes": changes}), setting)["data"][0]["attributes"]
    found = redacted(wrapped({"object_changes": changes, "payload": json.dumps(changes)}), setting)
    attributes = found["data"][0]["attributes"]
    expected = [{named: name, "from": None, "to": None}, changes[1]]
    assert attributes["object_changes"] == json.loads(attributes["payload"]) == expected
    assert plain == {"object_changes": expected}


def test_values_of_stored_secrets_below_another_resource_are_hidden():
    found = redacted(wrapped({"secrets": [{"name": "db", "value": "hush"}]}))
    assert found == wrapped({"secrets": [{"name": "db", "value": None}]})


@pytest.mark.parametrize("kind", ["SECRETS", "\\u0053ecret", "Secre\\u0054S"])
def test_a_stored_secret_is_known_however_its_type_is_spelled(kind):
    body = b'{"data": [{"id": "1", "type": "%b", "attributes": {"x": "hush"}}]}' % kind.encode()
    assert b"hush" not in Redactor(PersonalData()).redact(body)


def test_a_heartbeats_address_is_known_however_its_type_is_spelled():
    assert "hush" not in json.dumps(redacted(wrapped({"email_address": "hush@x"}, "HEARTBEATS")))


@pytest.mark.parametrize(("setting", "name"), [("drop", None), ("hash", hashed("Ada Brown"))])
def test_an_audit_of_a_person_does_not_tell_the_name(setting, name):
    told = {"name": "Ada Brown", "title": "x"}
    changes = {"name": ["Ada Brown", None], "title": ["x", "y"]}
    audit = {"item_type": "User", "object": told, "object_changes": json.dumps(changes)}
    found = redacted(wrapped(audit, "audits"), setting)["data"][0]["attributes"]
    assert found["object"] == {"name": name, "title": "x"}
    assert json.loads(found["object_changes"]) == {"name": [name, None], "title": ["x", "y"]}
    service = {"item_type": "Service", "object": {"name": "api"}, "object_changes": {"name": ["a"]}}
    assert redacted(wrapped(service, "audits"), setting) == wrapped(service, "audits")


@pytest.mark.parametrize(("setting", "name"), [("drop", None), ("hash", hashed("Ada Brown"))])
def test_a_person_who_is_only_a_text_is_a_name_and_an_id_is_not(setting, name):
    attributes = {"user": "Ada Brown", "assigned_to": "Ada Brown", "created_by": "desktop_sdk"}
    ids = {
        "assignee": "12",
        "a": {"user": 7},
        "b": {"user": "0f9c8f6e-6a0b-4a52-8b3d-1f0c6a2d9e11"},
    }
    found = redacted(wrapped({**attributes, **ids}), setting)
    people = {"user": name, "assigned_to": name}
    assert found == wrapped({**attributes, **people, **ids})


def test_telephone_numbers_and_addresses_that_are_objects_are_treated_too():
    attributes = {
        "phone_numbers": [{"number": "+1", "country": "us"}],
        "phone_number": {"number": "+1"},
        "emails": [{"address": "a@b.c", "primary": True}],
    }
    found = redacted(wrapped(attributes))["data"][0]["attributes"]
    phones = {
        "phone_numbers": [{"number": None, "country": "us"}],
        "phone_number": {"number": None},
    }
    assert found == {**attributes, **phones}
    found = redacted(wrapped(attributes), "drop")["data"][0]["attributes"]
    assert found == {**phones, "emails": [{"address": None, "primary": True}]}


def panel(collection: str, group_by: object) -> dict[str, object]:
    return {
        "name": "Who",
        "params": {"datasets": [{"collection": collection, "group_by": group_by}]},
        "data": [{"name": "Ada Brown", "data": {"value": 1}}],
    }


@pytest.mark.parametrize("setting", ["drop", "hash"])
@pytest.mark.parametrize(
    ("collection", "group_by", "kept"),
    [
        ("users", None, False),
        ("incidents", {"key": "incident_role", "value": "1"}, False),
        ("incidents", {"key": "custom_field", "value": "1"}, False),
        ("alerts", "responders", False),
        ("incidents", "incident_role:lead", False),
        ("incidents", "custom_field:7", False),
        ("incident_post_mortems", "incidents.incident_role:lead", False),
        ("incidents", {"key": ["odd"]}, False),
        ("incidents", "severity", True),
        ("alerts", {"key": "alert_field", "value": "1"}, True),
        ("incidents", None, True),
    ],
)
def test_numbers_of_a_panel_go_where_they_have_names_of_people(collection, group_by, kept, setting):
    attributes = panel(collection, group_by)
    found = redacted(wrapped(attributes, "dashboard_panels"), setting)["data"][0]["attributes"]
    assert found == (attributes if kept else {**attributes, "data": None})
    assert redacted(wrapped(attributes)) == wrapped(attributes)


@pytest.mark.parametrize("levels", [97, 190, 200, 300])
@pytest.mark.parametrize("opening", ['{"a":', "["])
@pytest.mark.parametrize("setting", ["keep", "drop"])
def test_what_is_nested_too_deeply_costs_no_other_value(levels, opening, setting):
    closing = "}" if opening.startswith("{") else "]"
    deep = opening * levels + '"hush"' + closing * levels
    body = '{"data": [{"id": "1", "attributes": {"deep": %s, "secret": {}, "title": "kept"}}, {"id": "2"}]}'
    out = Redactor(PersonalData.parse(setting)).redact((body % deep).encode())
    first, second = json.loads(out)["data"]
    assert b"hush" not in out
    assert (first["attributes"]["title"], second) == ("kept", {"id": "2"})
    shallow = opening * 60 + '"kept"' + closing * 60
    out = Redactor(PersonalData.parse(setting)).redact((body % shallow).encode())
    assert json.loads(out)["data"][0]["attributes"]["deep"] == json.loads(shallow)
