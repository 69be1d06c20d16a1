"""What a user calls a credential is hidden as Rootly's own are, wherever it stands; the rest stays."""

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootly_assets.api import secret_keys
from rootly_assets.api.personal_data import PersonalData
from rootly_assets.api.redaction import Redactor
from rootly_assets.errors import NotConfigured
from rootly_assets_tests.api.redacting import redacted, wrapped
from rootly_assets_tests.api.redaction_reference import Reference, unpacked

OWN = secret_keys.parsed("apiKey, Authorization,X-Api-Key,sig,s_tok")

hidden = partial(redacted, secret_keys=OWN)

KEYS = st.sampled_from([*sorted(OWN), "apikey", "my_sig", "signal", "title", "token", "x"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=9),
        st.sampled_from(['in "sig"', "the sig", "sig", "apiKey"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=4).map(json.dumps),
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.sampled_from(["keep", "names=drop"]))
def test_their_values_are_null_at_any_depth_and_nothing_else_is(attributes: Any, setting: str):
    expected = Reference(setting, OWN).value(wrapped(attributes))
    assert unpacked(hidden(wrapped(attributes), setting)) == unpacked(expected)


@pytest.mark.parametrize(
    "text",
    [
        "GET /alerts\nAuthorization: Bearer hush\nAccept: */*",
        "X-Api-Key: hush",
        "curl https://example.com/?sig=hush&page=2",
        "a=1&sig=hush",
        'sent {"headers": {"X-Api-Key": "hush"}} and waited',
        '{"headers": {"Authorization": "Bearer hush", "Accept": "*',
        'client(apiKey="hush")',
        "{:sig=>hush}",
    ],
)
@pytest.mark.parametrize("setting", ["keep", "names=drop"])
def test_in_texts_too(text: str, setting: str):
    assert "hush" not in json.dumps(hidden(wrapped({"summary": text}), setting))


def test_who_names_them_beside_their_value_gives_nothing_away():
    headers = [{"name": "X-Api-Key", "value": "hush"}, {"name": "Accept", "value": "*/*"}]
    assert hidden(wrapped({"headers": headers})) == wrapped(
        {"headers": [{"name": "X-Api-Key", "value": None}, headers[1]]}
    )


def test_prose_that_speaks_of_them_stays():
    attributes = {
        "title": "Authorization: who may declare incidents",
        "summary": "We lost the sig file, and apiKey rotation failed.",
        "kind": "signal",
    }
    assert hidden(wrapped(attributes)) == wrapped(attributes)


def test_they_hide_no_other_credential():
    text = "https://example.com/?access_token=hush"
    assert "hush" not in json.dumps(hidden(wrapped({"url": text, "zoom": {"password": "hush"}})))


def test_where_nobody_names_them_an_alerts_payload_stays_as_it_is():
    body = json.dumps(wrapped({"data": {"Authorization": "Bearer x", "apiKey": "y"}})).encode()
    assert Redactor(PersonalData()).redact(body) is body


@pytest.mark.parametrize("name", ["id", "updated_at", "total_count", "data"])
def test_what_no_list_can_be_read_without_can_not_be_hidden(name: str):
    with pytest.raises(NotConfigured, match=f"without {name}"):
        secret_keys.parsed(f"sig,{name}")


@pytest.mark.parametrize("name", ["two words", 'a"b', "käse", "x" * 64])
def test_a_name_that_can_be_none(name: str):
    with pytest.raises(NotConfigured, match=r"ROOTLY_SECRET_KEYS is .* not the name of a member"):
        secret_keys.parsed(name)
