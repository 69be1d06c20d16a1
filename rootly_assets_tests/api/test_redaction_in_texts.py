"""No credential survives in a text, however what it stands in is written; what people say of secrets does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootly_assets.api.personal_data import PersonalData
from rootly_assets.api.redaction import Redactor
from rootly_assets.catalogue import sensitive
from rootly_assets_tests.api.redacting import redacted, wrapped

SETTINGS = ["names=keep,emails=keep,phones=drop", "names=drop,emails=keep,phones=keep"]
IN_JSON = json.dumps({"kept": 1, "secret": "hush"})


def found_in(text: str, setting: str = SETTINGS[0]) -> str:
    once = redacted(wrapped({"summary": text, "title": "kept"}), setting)
    assert redacted(once, setting) == once
    assert once["data"][0]["attributes"]["title"] == "kept"
    return once["data"][0]["attributes"]["summary"]


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Payload: ", ""),
        ("```json\n", "\n```\nNobody noticed."),
        ("// what came\n", "\n"),
        ("\ufeff", ""),
        ("\u00a0", "\u00a0"),
        ("\f", ""),
        ('{"a": 1}\n', '\n{"b": 2}'),
        ("a: ", ", and the next day's"),
    ],
)
def test_a_document_amid_prose_loses_its_credentials_and_nothing_else(before, after, setting):
    expected = before + '{"kept": 1, "secret": "[redacted]"}' + after
    assert found_in(before + IN_JSON + after, setting) == expected


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{:a=>1, :secret=>"hush"}', '{:a=>1, :secret=>"[redacted]"}'),
        ('got {"secret"=>"hush"}.', 'got {"secret"=>"[redacted]"}.'),
        ("with :secret=>:hush there", "with :secret=>[redacted] there"),
        ('{a: 1, secret: "hush"}', '{a: 1, secret: "[redacted]"}'),
        ("{'a': 1, 'secret': 'hush'}", "{'a': 1, 'secret': '[redacted]'}"),
        ("{a: 1, secret: hush}", "{a: 1, secret: [redacted]}"),
        ("Said {'password': ['hush', 'hush'", "Said {'password': [redacted]"),
        ('"secret":"hush"', '"secret":"[redacted]"'),
        ('Webhook(secret: "hush", id: 1)', 'Webhook(secret: "[redacted]", id: 1)'),
        ('Webhook(secret="hush")', 'Webhook(secret="[redacted]")'),
        (
            "# alerts.yaml\nsecret: hush\nkind: x\n  - password: 'hush'\n",
            "# alerts.yaml\nsecret: [redacted]\nkind: x\n  - password: '[redacted]'\n",
        ),
        ('it said {"a": "{\\"secret\\": \\"hush\\"}"}', None),
    ],
)
def test_other_spellings_of_a_member_are_known(text, kept, setting):
    found = found_in(text, setting)
    assert "hush" not in found
    assert kept is None or found == kept


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_document_packed_as_the_text_of_a_text_is_redacted(times, setting):
    text = IN_JSON
    for _ in range(times):
        text = json.dumps(text)
    found = found_in(text, setting)
    for _ in range(times):
        found = json.loads(found)
    assert json.loads(found) == {"kept": 1, "secret": None}


STYLES = (
    '{{"a": 1, "{key}": "{value}"}}',
    "{{'a': 1, '{key}': '{value}'}}",
    '{{:a=>1, :{key}=>"{value}"}}',
    '{{:a=>1, "{key}" => "{value}"}}',
    '{{a: 1, {key}: "{value}"}}',
    "{{\n  a: 1,\n  {key}: {value}\n}}",
    "\n{key}: {value}\n",
    "\n{key}={value}\n",
    "https://x.example/?a=1&{key}={value}&b=2",
)


@given(
    before=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\"'\\"), max_size=20),
    style=st.sampled_from(STYLES),
    key=st.sampled_from(["secret", "password"]),
    value=st.text(alphabet="abcXYZ0189-_.~+/", min_size=1, max_size=12).map(lambda x: f"hu{x}sh"),
    after=st.text(max_size=20),
    packed=st.integers(0, 2),
    setting=st.sampled_from(SETTINGS),
)
def test_no_credential_survives_whatever_is_around_it(
    before, style, key, value, after, packed, setting
):
    text = before + style.format(key=key, value=value) + after
    for _ in range(packed):
        text = json.dumps({"text": text})
    found = json.dumps(redacted(wrapped({"summary": text}), setting))
    assert value not in found


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("key", sorted(sensitive.QUERY_KEYS))
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://x.example/j/1?{}=hush", "https://x.example/j/1?{}=[redacted]"),
        ("<https://x.example/?a=1&{}=hush#top|x>", "<https://x.example/?a=1&{}=[redacted]#top|x>"),
        ("{}=hush&a=1", "{}=[redacted]&a=1"),
        ("a\n{}=hush\n{}=hush", "a\n{}=[redacted]\n{}=[redacted]"),
        ("ran curl -d {}=hush twice", "ran curl -d {}=[redacted] twice"),
        ("?{}={{{{ secrets.x }}}}", "?{}={{{{ secrets.x }}}}"),
        ("?{}=&a=1", "?{}=&a=1"),
        ("?my_{}=1&{}s=2", "?my_{}=1&{}s=2"),
    ],
)
def test_parameters_that_are_credentials_are_hidden_and_their_url_stays(key, text, kept, setting):
    text, kept = (each.format(*[key] * each.count("{}")) for each in (text, kept))
    assert found_in(text, setting) == kept
    assert json.loads(found_in(json.dumps({"url": text}), setting)) == {"url": kept}


def test_a_telephone_number_in_a_text_is_dropped_however_its_name_is_quoted():
    assert (
        found_in("{'phone': '+1', phone_2: '+1'}")
        == "{'phone': '[redacted]', phone_2: '[redacted]'}"
    )


def test_a_text_that_begins_with_a_parameter_is_known_beside_addresses():
    # `"to` is a needle of addresses, and the beginning of this text.
    assert found_in("token=hush", "names=keep,emails=drop,phones=keep") == "token=[redacted]"


def test_a_parameter_in_what_is_hidden_anyway_is_hidden_once():
    attributes = {"ping_url": "https://x.example/?token=hush", "title": "kept"}
    assert redacted(wrapped(attributes)) == wrapped({"ping_url": None, "title": "kept"})


def test_passwords_of_a_form_with_names_in_brackets_are_hidden():
    assert found_in("user[password]=hush&user[name]=x") == "user[password]=[redacted]&user[name]=x"


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (r"https:\/\/ada:hush@x.example", "https://ada:[redacted]@x.example"),
        (r"https://ada:hush\u0040x.example", r"https://ada:[redacted]@x.example"),
        (r"https:\u002F\u002fada\u003ahu\u0021sh@x.example", "https://ada:[redacted]@x.example"),
        (r"{\"u\": \"https:\\\/\\\/ada:hush@x\"}", r'{"u": "https:\/\/ada:[redacted]@x"}'),
        (r"{\"u\": \"https:\\/\\/ada:hush@x\"}", r'{"u": "https:\/\/ada:[redacted]@x"}'),
        (
            r"https://x.example/?a=1\u0026pwd=hush\u0026b=2",
            "https://x.example/?a=1&pwd=[redacted]&b=2",
        ),
    ],
)
def test_escapes_in_a_url_hide_nothing_from_us(raw, kept, setting):

    body = b'{"data": [{"id": "1", "attributes": {"url": "%b"}}]}' % raw.encode()
    out = json.loads(Redactor(PersonalData.parse(setting)).redact(body))
    assert out["data"][0]["attributes"]["url"] == kept
