"""No credential of an answer survives, personal data is as set, and everything else stays as it was."""

import json
import time
import timeit
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootly_assets.api import redaction, url_credentials
from rootly_assets.api.personal_data import PersonalData
from rootly_assets.api.redaction import Redactor
from rootly_assets.catalogue import sensitive
from rootly_assets_tests.api.redacting import redacted, wrapped
from rootly_assets_tests.api.redaction_reference import (
    SALT,
    SETTINGS,
    SPACED,
    VALUES,
    Reference,
    hashed,
    unpacked,
    without_passwords,
    written,
)


@settings(max_examples=400, deadline=None)
@given(
    document=VALUES,
    setting=st.sampled_from(SETTINGS),
    ascii_only=st.booleans(),
    spaced=SPACED,
    escapes=st.one_of(st.just(0), st.integers(0, 1023)),
)
def test_the_bytes_say_what_a_slow_reader_would_say(document, setting, ascii_only, spaced, escapes):
    body = written({"data": document}, ascii_only, spaced, escapes)
    out = Redactor(PersonalData.parse(setting), SALT).redact(body.encode())
    expected = Reference(setting).value(without_passwords({"data": json.loads(body)["data"]}))
    assert unpacked(json.loads(out)) == unpacked(expected)


def test_an_ordinary_page_without_anything_to_hide_is_not_touched():
    body = json.dumps(wrapped({"title": "disk full", "password_required": False})).encode()
    assert Redactor(PersonalData()).redact(body) is body


@pytest.mark.parametrize("key", sorted(sensitive.SECRET_KEYS))
@pytest.mark.parametrize(
    "value", ["hush", 'hu"sh', "hu\\", 12345, 1.5, True, ["hush"], {"a": {"b": "hush"}}, ""]
)
def test_every_credential_becomes_null_at_any_depth(key, value):
    document = {
        "data": [{"id": "1", "attributes": {"a": {"data": [{key: value}]}, key: value}}],
        "included": [{"id": "2", "attributes": {key: value}}],
    }
    found = redacted(document)
    assert found["data"][0]["attributes"] == {"a": {"data": [{key: None}]}, key: None}
    assert found["included"][0]["attributes"] == {key: None}


@pytest.mark.parametrize("spelled", ["\\u0073ecret", "secre\\u0074", "s\\u0065c\\u0072et"])
def test_a_key_spelled_with_escapes_does_not_get_through(spelled):
    body = b'{"data": [{"id": "1", "attributes": {"' + spelled.encode() + b'": "hush"}}]}'
    assert b"hush" not in Redactor(PersonalData()).redact(body)


def test_text_that_speaks_of_secrets_stays():
    attributes = {"title": 'the "secret" is: "x"', "summary": 'in "secret"', "kind": "password"}
    assert redacted(wrapped(attributes)) == wrapped(attributes)


def test_a_key_that_only_ends_like_a_credentials_stays():
    attributes = {
        'x"secret': "a",
        "my_secret": "b",
        "secret_": "c",
        '"secret"': "d",
        "\\secret": "e",
    }
    assert redacted(wrapped(attributes)) == wrapped(attributes)


def test_numbers_keep_every_digit():
    body = b'{"data": [{"a": 1.10, "b": 12345678901234567890123, "c": 1E5, "s\\u0065cret": "x"}]}'
    out = Redactor(PersonalData()).redact(body)
    assert b'"a":1.10,"b":12345678901234567890123,"c":1E5' in out


def test_the_token_itself_does_not_come_back():
    token = "rootly_token_0123456789"
    body = json.dumps(wrapped({"echo": f"Bearer {token}"})).encode()
    assert token.encode() not in Redactor(PersonalData(), token=token).redact(body)


def test_a_word_that_serves_as_a_token_at_a_stand_in_stays_in_texts():
    body = json.dumps(wrapped({"kind": "test", "title": "A test of the pager"})).encode()
    assert Redactor(PersonalData(), token="test").redact(body) == body


@pytest.mark.parametrize("token", ["t-012345", "email-0123", "redacted", '"to"'])
def test_the_token_does_not_come_back_next_to_other_secrets_either(token: str):
    attributes = {"echo": f"secret{token} {token}", "secret": "s3cret", token: f"e{token}"}
    body = Redactor(PersonalData(), token=token).redact(json.dumps(wrapped(attributes)).encode())
    assert token.encode() not in body.replace(b"[redacted]", b"")
    assert b"s3cret" not in body


def test_by_default_names_and_addresses_are_kept_and_telephone_numbers_dropped():
    person = {"full_name": "Ada L", "email": "ada@example.com", "phone": "+1", "phone_2": "+2"}
    assert redacted(wrapped(person, "users")) == wrapped(
        {**person, "phone": None, "phone_2": None}, "users"
    )


def test_linkage_to_telephone_numbers_stays():
    document = {"data": {"relationships": {"phone_numbers": {"data": [{"id": "1", "type": "t"}]}}}}
    assert redacted(document, "drop") == document


def test_lists_of_numbers_and_addresses_are_treated_item_by_item():
    found = redacted(wrapped({"phone_numbers": ["+1", "+2"], "to": ["a@b.c", "{{ x }}"]}), "drop")
    assert found == wrapped({"phone_numbers": [None, None], "to": [None, "{{ x }}"]})


def test_a_name_is_dropped_where_it_is_a_persons():
    attributes = {
        "name": "checkout",
        "user": {"data": {"type": "users", "attributes": {"name": "Ada", "email": "a@b.c"}}},
        "started_by": {"id": 1, "name": "Bob"},
        "services": [{"name": "api"}],
    }
    found = redacted(wrapped(attributes), "names=drop,emails=keep")["data"][0]["attributes"]
    assert found["name"] == "checkout"
    assert found["services"] == [{"name": "api"}]
    assert found["user"]["data"]["attributes"] == {"name": None, "email": "a@b.c"}
    assert found["started_by"] == {"id": 1, "name": None}


@pytest.mark.parametrize(
    "above", ["responders", "notified_users", "user_target", "original_shift_user", "slack_users"]
)
@pytest.mark.parametrize(("setting", "name"), [("drop", None), ("hash", hashed("ada brown"))])
def test_an_attribute_that_holds_people_holds_their_names(above, setting, name):
    people = [{"id": 7, "name": "Ada Brown"}]
    found = redacted(wrapped({above: people}), setting)
    assert found == wrapped({above: [{"id": 7, "name": name}]})


def test_hashes_join_across_tables_and_spellings_but_not_across_salts():
    document = wrapped({"email": " Ada@Example.com", "user_email": "ada@example.COM "})
    found = redacted(document, "hash")["data"][0]["attributes"]
    assert found["email"] == found["user_email"] == hashed("ada@example.com")
    other = Redactor(PersonalData.parse("hash"), "other").redact(json.dumps(document).encode())
    assert found["email"].encode() not in other


def test_every_key_is_found_by_a_needle():
    for keys, needles in (
        (sensitive.SECRET_KEYS, redaction.SECRET_NEEDLES),
        (sensitive.PHONE_KEYS, redaction.PHONE_NEEDLES),
        (sensitive.EMAIL_KEYS | sensitive.MAYBE_EMAIL_KEYS, redaction.EMAIL_NEEDLES),
    ):
        for key in keys:
            assert any(needle in f'"{key}'.encode() for needle in needles), key


NEEDLES = (
    redaction.ESCAPE_NEEDLE,
    *url_credentials.QUERY_NEEDLES,
    *redaction.HEARTBEAT_NEEDLES,
    *redaction.TASK_NEEDLES,
    *redaction.EMAIL_NEEDLES,
    *redaction.PHONE_NEEDLES,
    *redaction.SECRET_NEEDLES,
)


def test_a_needle_hides_another_one_only_within_the_same_string():
    for needle in NEEDLES:
        assert b'"' not in needle[1:-1]
    # Of these it counts whether they are there at all, so that nothing may hide them.
    for shown in (
        redaction.ESCAPE_NEEDLE,
        *redaction.HEARTBEAT_NEEDLES,
        *redaction.TASK_NEEDLES,
    ):
        for other in set(NEEDLES) - {shown}:
            assert shown not in other
            ends = {other[-width:] for width in range(1, len(other))}
            # A quote that ends a string is never the one that begins another.
            assert not (ends - {b'"'}) & {shown[:width] for width in range(1, len(shown))}


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("first", sorted(sensitive.SECRET_KEYS))
@pytest.mark.parametrize("spaced", [(",", ":"), (", ", ": ")])
def test_a_credential_right_behind_another_needle_is_found(setting, first, spaced):
    redactor = Redactor(PersonalData.parse(setting), SALT)
    for needle in NEEDLES:
        text = needle.strip(b'"').decode()
        document = {
            "title": text,
            first: "hush",
            text: {first: "hush"},
            "z": [text, {first: "hush"}],
        }
        body = json.dumps(document, separators=spaced).replace("\\\\u00", "\\u00e9")
        assert b"hush" not in redactor.redact(body.encode())


@pytest.mark.parametrize(
    "setting", [each for each in SETTINGS if PersonalData.parse(each).names == "keep"]
)
def test_one_search_costs_less_than_one_for_each_needle(setting):
    """The library picks its way by the needles; the wrong one takes fifty times as long."""
    record = {
        f"{name}_{number}": "what happened, when, and who did what about it" * (number % 3)
        for number in range(40)
        for name in ("status", "updated_at", "workflow", "zone_path")
    }
    body = json.dumps([record] * 200).encode()
    redactor = Redactor(PersonalData.parse(setting), SALT)
    assert redactor.redact(body) is body
    together = min(timeit.repeat(lambda: redactor.redact(body), timer=time.process_time, number=3))
    apart = min(
        timeit.repeat(lambda: [each in body for each in NEEDLES], timer=time.process_time, number=3)
    )
    assert together < apart


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(SETTINGS))
def test_what_is_no_json_does_no_harm_and_what_is_gives_no_credential(rubbish, setting):
    for body in (rubbish, b'{"data": [{"secret": "' + rubbish, b'{"phone' + rubbish + b'": "x"}'):
        Redactor(PersonalData.parse(setting), SALT).redact(body)
    member = b'"secret": "%b", ' % rubbish
    for body in (b'{%b"a": 1}', b'[{"b": "x", %b"a": [1]}]', b'{"b": {%b"a": ""}, "secret": 1}'):
        out = Redactor(PersonalData.parse(setting), SALT).redact(body % member)
        with suppress(ValueError):
            assert credentials(json.loads(out)) <= {None}


def credentials(document: Any) -> set[Any]:
    """What a document has under the name of a credential, at any depth."""
    if isinstance(document, list):
        return set().union(*map(credentials, document))
    if not isinstance(document, dict):
        return set()
    own = {
        str(each) if each is not None else None for key, each in document.items() if key == "secret"
    }
    return own.union(*map(credentials, document.values()))
