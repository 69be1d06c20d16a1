"""A document in a text, whole, packed several times or cut short, keeps no credential either."""

import json
import time

import pytest

from rootly_assets.api.personal_data import PersonalData
from rootly_assets.api.redaction import Redactor
from rootly_assets.catalogue import sensitive
from rootly_assets_tests.api.redacting import redacted, wrapped
from rootly_assets_tests.api.redaction_reference import hashed

PAYLOAD = {
    "event": {"type": "incident.updated"},
    "data": {
        "id": "x",
        "zoom_meeting_password": "hush",
        "zoom_meeting_start_url": "https://zoom.example/s/1?zak=hush",
        "user": {"phone_number": "hush", "full_name": "Ada"},
    },
}


@pytest.mark.parametrize("times", [1, 2, 3, 5])
@pytest.mark.parametrize("key", ["payload", "object_changes", "to"])
def test_a_document_that_is_a_text_is_redacted_too(times: int, key: str):
    text = json.dumps(PAYLOAD)
    for _ in range(times - 1):
        text = json.dumps({"body": text})
    found = redacted(wrapped({key: text, "title": "x"}))["data"][0]["attributes"]
    assert found["title"] == "x"
    inner = found[key]
    for _ in range(times - 1):
        inner = json.loads(inner)["body"]
    assert json.loads(inner) == {
        "event": {"type": "incident.updated"},
        "data": {
            "id": "x",
            "zoom_meeting_password": None,
            "zoom_meeting_start_url": None,
            "user": {"phone_number": None, "full_name": "Ada"},
        },
    }


@pytest.mark.parametrize("key", sorted(sensitive.SECRET_KEYS | sensitive.PHONE_KEYS))
@pytest.mark.parametrize("around", ["", " \n\t"])
@pytest.mark.parametrize("quote", ['\\"', "\\u0022"])
def test_every_credential_is_found_in_a_text(key: str, around: str, quote: str):
    text = json.dumps(around + json.dumps([{key: "hush", "a": "x\ud83d"}])).replace('\\"', quote)
    body = b'{"data": [{"id": "1", "attributes": {"payload": %b}}]}' % text.encode()
    out = Redactor(PersonalData()).redact(body)
    assert b"hush" not in out
    assert key.encode() in out


def test_a_heartbeats_address_and_a_stored_secret_are_found_in_a_text():
    for kind in ("heartbeats", "secrets"):
        text = json.dumps(wrapped({"email_address": "hush@x.example"}, kind))
        assert "hush" not in json.dumps(redacted(wrapped({"payload": text})))


def test_personal_data_in_a_text_is_as_set():
    text = json.dumps({"started_by": {"name": "Ada", "email": "ada@example.com"}})
    for setting, expected in (("drop", None), ("hash", hashed("ada@example.com"))):
        found = redacted(wrapped({"payload": text}), setting)["data"][0]["attributes"]["payload"]
        assert json.loads(found)["started_by"]["email"] == expected
        assert json.loads(found)["started_by"]["name"] != "Ada"


@pytest.mark.parametrize(
    "text",
    [
        '{ "a":  1.10, "b": "\\u0041" }',  # nothing to hide
        '{"title": "x", "a": {"b": 1, …',  # cut short
        '{"secret"}',
        "[secret]",
        "the secret: never deploy on Friday",
        'the "secret": never deploy on Friday',
        "Postmortem\n\nThe secret: none, and no password. Secret: x",
        "password: it was changed\n- secret: see below",
        "secret={{ secrets.token }}, and a Client(secret)",
        "of {two}, secret: none",
        "the secret = what nobody said, i.e. (secret: none)",
    ],
)
def test_a_text_without_a_document_to_hide_something_in_stays_as_it_is(text: str):
    attributes = {"payload": text, "other": json.dumps({"secret": "x"})}
    found = redacted(wrapped(attributes))["data"][0]["attributes"]
    assert found == {"payload": text, "other": '{"secret":null}'}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"title": "kept", "secret": "hu', '{"title": "kept", "secret": [redacted]'),
        (
            '{"title": "kept", "secret": ["hush", {"a": "hush"}], "b',
            '{"title": "kept", "secret": [redacted], "b',
        ),
        ('{"secret": ["hush", {"a": "hu', '{"secret": [redacted]'),
        ('[{"a": {"password":"hush"}}, 1', '[{"a": {"password":"[redacted]"}}, 1'),
        ('{"s\\u0065cret" :\n "hush", "b": 1', '{"s\\u0065cret" :\n "[redacted]", "b": 1'),
        ('{"secret"=>"hush", "b"=>1}', '{"secret"=>"[redacted]", "b"=>1}'),
        ('{"secret": "hush"} and more', '{"secret": "[redacted]"} and more'),
        ('{"secret": "hu"sh", "b": 1', '{"secret": [redacted]'),
        ('{"secret": 123, "password": null, "b', '{"secret": [redacted], "password": null, "b'),
        ('{"phone": "hush", "b": 1', '{"phone": "[redacted]", "b": 1'),
        (
            '{"type": "secrets", "attributes": {"x": "hu',
            '{"type": "secrets", "attributes": [redacted]',
        ),
        (
            '{"heartbeat": {"email_address": "hush", "b',
            '{"heartbeat": {"email_address": "[redacted]", "b',
        ),
        (
            '{"task_params": {"headers": "hush", "b',
            '{"task_params": {"headers": "[redacted]", "b',
        ),
        (
            '{"item_type": "Secret", "object": {"value": "hush", "b',
            '{"item_type": "Secret", "object": [redacted]',
        ),
        (
            json.dumps({"a": 1, "body": '{"secret": "hush"'})[:-4],
            '{"a": 1, "body": "{\\"secret\\": [redacted]',
        ),
    ],
)
@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_document_that_was_cut_short_keeps_no_credential(text: str, kept: str, times: int):
    packed = text
    for _ in range(times):
        packed = json.dumps([packed])
    page = wrapped({"payload": packed, "title": "kept"})
    once = redacted(page)
    found = once["data"][0]["attributes"]["payload"]
    for _ in range(times):
        (found,) = json.loads(found)
    assert found == kept
    assert once["data"][0]["attributes"]["title"] == "kept"
    assert redacted(once) == once


@pytest.mark.parametrize("key", sorted(sensitive.SECRET_KEYS | sensitive.PHONE_KEYS))
def test_every_credential_is_found_in_a_document_that_was_cut_short(key: str):
    out = json.dumps(redacted(wrapped({"payload": f'{{"{key}": "hush"'})))
    assert "hush" not in out
    assert key in out


@pytest.mark.parametrize(
    "text",
    [
        '"secret": "',
        "[{",
        "\\" * 9 + '"',
        "\\",
        "://a:",
        "://a:\\u003a",
        ":\\\\\\",
        "\nsecret: ",
        "{secret:",
        ":secret=>",
        "'secret':'",
        "(secret='",
        "?secret=\\",
        '{"a": ',
        '"\\u0061',
        '"a' + "\\" * 300 + '" ',
    ],
)
def test_a_long_text_that_ends_nowhere_takes_no_long_time(text: str):
    def seconds(length: int) -> float:
        endless = text * (length // len(text))
        began = time.process_time()
        redacted(wrapped({"payload": '{"secret" 1, ' + endless, "secret": "x"}))
        return time.process_time() - began

    # Sixteen times the text; by its square it would be two hundred and fifty-six times.
    assert seconds(480_000) < 64 * max(0.01, seconds(30_000))


def test_a_document_packed_too_deeply_is_hidden_whole():
    text = json.dumps({"secret": "hush"})
    for _ in range(9):
        text = json.dumps([text])
    assert b"hush" not in json.dumps(redacted(wrapped({"payload": text}))).encode()
    deep = '{"secret": "hush", "a": %s}' % ("[" * 5000 + "]" * 5000)
    assert redacted(wrapped({"payload": deep})) == wrapped({"payload": None})
