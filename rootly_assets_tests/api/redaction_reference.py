"""What redaction has to do, slowly, on parsed JSON; and documents by chance, as any writer may write them."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, replace
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
    if text.strip()[:1] not in ("{", "[", '"'):
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


@dataclass(frozen=True)
class Around:
    """What the objects above say."""

    heartbeat: bool = False
    person: bool = False
    secrets: bool = False
    task: bool = False
    contact: str = ""


class Reference:
    """The same rules, slowly, on parsed JSON."""

    def __init__(self, setting: str, secret_keys: frozenset[str] = frozenset()) -> None:
        self.treat = PersonalData.parse(setting)
        self.secrets = sensitive.SECRET_KEYS | secret_keys

    def value(self, value, around=Around()):
        if isinstance(value, list):
            return [self.value(item, around) for item in value]
        if isinstance(value, str) and (document := packed_in(value)) is not None:
            return json.dumps(self.value(document, around))
        if not isinstance(value, dict):
            return value
        for name in ("type", "item_type"):
            if isinstance(kind := value.get(name), str):
                kind = kind.split("::")[-1].lower()
                around = replace(
                    around,
                    heartbeat=around.heartbeat or kind in {"heartbeat", "heartbeats"},
                    person=around.person or kind in {"user", "users"},
                    secrets=around.secrets or kind in {"secret", "secrets"},
                )
        named = [value[name] for name in sensitive.PAIR_NAMES if isinstance(value.get(name), str)]
        beside = sensitive.PAIR_VALUES if self.secrets.intersection(named) else set()
        if around.task and value.get("task_type") == "http_client":
            beside = beside | {"params", "body"}
        return {
            key: None if key in beside else self.member(key, inner, around)
            for key, inner in value.items()
        }

    def member(self, key, inner, around):
        if key in self.secrets:
            return None
        if (around.heartbeat and key == "email_address") or (around.task and key == "headers"):
            return None
        if around.secrets and key in {"attributes", "object", "object_changes", "value"}:
            return None
        below = around
        if key not in {"data", "attributes", "included", "object", "object_changes"}:
            contacts = sensitive.PHONE_KEYS | sensitive.EMAIL_KEYS
            below = Around(
                around.heartbeat or key in {"heartbeat", "heartbeats"},
                key in sensitive.PERSON_ATTRIBUTES or key.endswith(("_by", "_user", "_users")),
                around.secrets or key in {"secret", "secrets"},
                around.task or key == "task_params",
                key if key in contacts else "",
            )
        treatment = self.treatment(key, inner, around)
        if treatment == "keep" or isinstance(inner, dict):
            return self.value(inner, below)
        return self.mask(key, treatment, inner, below)

    def treatment(self, key, inner, around):
        if key in {"address", "number", "value"} and around.contact:
            key = around.contact
        if key in sensitive.NAME_KEYS or (key == "name" and around.person):
            return self.treat.names
        if key in {"user", "assigned_to", "assignee"} and isinstance(inner, str):
            return "keep" if set(inner) <= set("0123456789abcdefABCDEF-") else self.treat.names
        if key in sensitive.EMAIL_KEYS | sensitive.MAYBE_EMAIL_KEYS:
            return self.treat.emails
        return self.treat.phones if key in sensitive.PHONE_KEYS else "keep"

    def mask(self, key, treatment, inner, below):
        if isinstance(inner, list):
            return [self.mask(key, treatment, item, below) for item in inner]
        if isinstance(inner, dict):
            return self.value(inner, below)
        if key in sensitive.MAYBE_EMAIL_KEYS and "@" not in str(inner):
            return self.value(inner, below)
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
        | {"task_type", "params", "body", "number", "address", "value", "field", "assignee"}
        | {"secrets", "my_secret", 'x"secret', "secret_", "phone_type", "passwords", "Secret", ""}
    )
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            'the "secret" is: "x"',
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
            '\\"phone" 1',
            "Ada Brown",
            "http_client",
            "password",
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
