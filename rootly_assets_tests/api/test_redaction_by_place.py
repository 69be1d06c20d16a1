"""What is a credential only where it stands: below a heartbeat, a task, a stored secret, or in a URL."""

import json

import pytest

from rootly_assets_tests.api.redacting import redacted, wrapped


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
