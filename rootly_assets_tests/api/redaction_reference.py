"""What redaction has to do, slowly, on parsed JSON; and documents by chance, as any writer may write them."""

import hashlib
import hmac
import json
import re
from typing import Any

from hypothesis import strategies as st

from rootly_assets.api.personal_data import PersonalData
from rootly_assets.catalogue import sensitive

SALT = "pepper"
PASSWORD_IN_URL = re.compile(r"(://[^\s\"/?#@:<>]*:)[^\s\"/?#@<>]+(?=@)", re.ASCII)
SETTINGS = [
    "names=keep,emails=keep,phones=drop",
    "keep",
    "drop",
    "hash",
    "names=hash,emails=keep,phones=keep",
    "names=keep,emails=hash,phones=hash",
    "names=keep,emails=drop,phones=keep",
]


def hashed(text: object) -> str:
    return hmac.new(SALT.encode(), str(text).strip().lower().encode(), hashlib.sha256).hexdigest()


def packed_in(text: str) -> Any:
    """The document that a text is; None where it is none."""
    if text.strip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def unpacked(value: Any) -> Any:
    """The same with every document in a text spelled out, however it was spelled there."""
    if isinstance(value, dict):
        return {key: unpacked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unpacked(inner) for inner in value]
    if isinstance(value, str) and (document := packed_in(value)) is not None:
        return ("text", unpacked(document))
    return value


def without_passwords(value: Any) -> Any:
    """The same with the password of every URL hidden."""
    if isinstance(value, dict):
        return {key: without_passwords(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_passwords(inner) for inner in value]
    if isinstance(value, str):
        return PASSWORD_IN_URL.sub(r"\1[redacted]", value)
    return value


class Reference:
    """The same rules, slowly, on parsed JSON."""

    def __init__(self, setting: str) -> None:
        self.treat = PersonalData.parse(setting)

    def value(self, value, heartbeat=False, person=False, secrets=False, task=False):
        if isinstance(value, list):
            return [self.value(item, heartbeat, person, secrets, task) for item in value]
        if isinstance(value, str) and (document := packed_in(value)) is not None:
            return json.dumps(self.value(document, heartbeat, person, secrets, task))
        if not isinstance(value, dict):
            return value
        for name in ("type", "item_type"):
            if isinstance(kind := value.get(name), str):
                kind = kind.split("::")[-1].lower()
                heartbeat = heartbeat or kind in {"heartbeat", "heartbeats"}
                person = person or kind in {"user", "users"}
                secrets = secrets or kind in {"secret", "secrets"}
        return {
            key: self.member(key, inner, heartbeat, person, secrets, task)
            for key, inner in value.items()
        }

    def member(self, key, inner, heartbeat, person, secrets, task):
        if key in sensitive.SECRET_KEYS:
            return None
        if (heartbeat and key == "email_address") or (task and key == "headers"):
            return None
        if secrets and key in {"attributes", "object", "object_changes"}:
            return None
        below = (heartbeat, person, secrets, task)
        if key not in {"data", "attributes", "included"}:
            below = (
                heartbeat or key in {"heartbeat", "heartbeats"},
                key in sensitive.PERSON_ATTRIBUTES or key.endswith(("_by", "_user", "_users")),
                secrets,
                task or key == "task_params",
            )
        treatment = self.treatment(key, person)
        if treatment == "keep" or isinstance(inner, dict):
            return self.value(inner, *below)
        return self.mask(key, treatment, inner, below)

    def treatment(self, key, person):
        if key in sensitive.NAME_KEYS or (key == "name" and person):
            return self.treat.names
        if key in sensitive.EMAIL_KEYS | sensitive.MAYBE_EMAIL_KEYS:
            return self.treat.emails
        return self.treat.phones if key in sensitive.PHONE_KEYS else "keep"

    def mask(self, key, treatment, inner, below):
        if isinstance(inner, list):
            return [self.mask(key, treatment, item, below) for item in inner]
        if isinstance(inner, dict):
            return self.value(inner, *below)
        if key in sensitive.MAYBE_EMAIL_KEYS and "@" not in str(inner):
            return self.value(inner, *below)
        if treatment == "drop":
            return None
        return inner if inner is None or isinstance(inner, bool) else hashed(inner)


KEYS = st.sampled_from(
    sorted(
        sensitive.SECRET_KEYS
        | sensitive.NAME_KEYS
        | sensitive.EMAIL_KEYS
        | sensitive.MAYBE_EMAIL_KEYS
        | sensitive.PHONE_KEYS
        | {"heartbeat", "user", "started_by", "type", "name", "attributes", "data", "title"}
        | {"item_type", "object", "object_changes", "task_params", "headers", "url"}
        | {"secrets", "my_secret", 'x"secret', "secret_", "phone_type", "passwords", "Secret", ""}
    )
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            '"secret": "x"',
            'say "secret"',
            "secret",
            "secrets",
            "heartbeats",
            "users",
            "Heartbeat",
            "Alerts::Heartbeat",
            "Secret",
            "see redis://:hu:sh@host/1 and https://rootly.com/x?a@b",
            "https://ada:h%40&é\u2028@host:80/a@b",
            "a@b.example",
            " A@B.example ",
            "back\\slash\\",
            '\\"phone": 1',
            "\\u0073ecret",
            "\x00\U0001f600",
        ]
    ),
    st.text(max_size=8).filter(lambda text: text.isprintable()),
)


def escaped_keys(text: str, draw: int) -> str:
    """Spell some letters of keys with escapes, as any JSON writer may."""
    for number, key in enumerate(sorted(sensitive.SECRET_KEYS | {"heartbeat", "phone", "email"})):
        if draw >> number & 1:
            spelled = f'"\\u{ord(key[0]):04x}{key[1:]}":'
            text = text.replace(f'"{key}":', spelled)
    return text


SPACED = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:\r\n ")])


def written(document: Any, ascii_only: bool, spaced: tuple[str, str], escapes: int) -> str:
    """A document as text, as any JSON writer may write it."""
    text = json.dumps(document, ensure_ascii=ascii_only, separators=spaced)
    return escaped_keys(text, escapes) if spaced == (",", ":") else text


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=5),
        st.builds(written, inner, st.booleans(), SPACED, st.integers(0, 1023)),
    ),
    max_leaves=25,
)
