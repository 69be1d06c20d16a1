"""Redacts a document object by object, for what the quick way cannot judge.

Objects and arrays are split into raw members by msgspec, which also resolves keys spelled with
escapes; scalars are never parsed, so that no number changes on the way. Every level is scanned
once for each level above it, which is why ordinary pages don't come here.

A text may be a document itself (the payload of a webhook, the changes that an audit notes): it is
redacted like the one around it, and stays as it was to the byte where it holds nothing to hide. One
that was cut short can't be taken apart: from the first value on that is to be hidden, nothing is kept.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from rootly_assets.api.envelope import without_lone_surrogates
from rootly_assets.catalogue.sensitive import (
    HEARTBEAT_NAMES,
    HEARTBEAT_SECRET_KEYS,
    KIND_KEYS,
    PERSON_ATTRIBUTES,
    PERSON_SUFFIXES,
    PERSON_TYPES,
    SECRET_CONTENTS,
    SECRET_KEYS,
    SECRET_TYPES,
    TASK_NAMES,
    TASK_SECRET_KEYS,
)

Replace = Callable[[bytes], bytes | None]

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items = msgspec.json.Decoder(list[msgspec.Raw])
_text = msgspec.json.Decoder(str)
_encoder = msgspec.json.Encoder()

# Members that belong to the resource around them rather than being something of their own.
_ENVELOPE_KEYS = frozenset({"data", "attributes", "included"})

# A text that begins like a JSON object or array, whichever way its first characters are spelled.
_PACKED = re.compile(
    rb'"(?:[ \t]|\\[nrt]|\\u00(?:09|0[aAdD]|20))*(?:[{\[]|\\u00[57][bB])',
)
# A member of a document that can't be taken apart, however its name is spelled and its quotes are escaped.
_MEMBER_IN_TEXT = re.compile(
    r'"((?:[^"\\]|\\{1,255}u00[0-9a-fA-F]{2}){1,64})\\{0,255}"(?:\s|\\{1,255}[nrt]){0,16}(?::|=>)\s?'
)
_ESCAPED_LETTER = re.compile(r"\\+u00([0-9a-fA-F]{2})")
_IS_SECRET = re.compile(
    rf'\b(?:{"|".join(KIND_KEYS)})\\*"\s*(?::|=>)\s*\\*"(?:\w+::)*(?i:{"|".join(SECRET_TYPES)})\\*"'
)
REST = "[redacted]"
"""What stands for the rest of a text that was cut short."""

# Each document in a text doubles the backslashes of those within: nobody packs so many.
_MOST_PACKED = 8


class Surroundings(msgspec.Struct, frozen=True):
    """What the objects above say about the values below."""

    heartbeat: bool = False
    person: bool = False
    secrets: bool = False
    task: bool = False
    packed: int = 0  # how many texts the document is inside of


class ExactRedactor:
    """Applies rules by key and by what surrounds the key.

    Args:
        rules: key to what replaces its scalar values; in arrays, the items' values.
        person_name: what replaces `name` in people; None to keep it.
    """

    def __init__(self, rules: Mapping[str, Replace], *, person_name: Replace | None) -> None:
        self._rules = rules
        self._person_name = person_name

    def redact(self, body: bytes, *, within: str = "") -> bytes:
        """Return the document redacted; a body that is no JSON comes back as nothing at all."""
        around = Surroundings(
            heartbeat=within in HEARTBEAT_NAMES,
            person=within in PERSON_TYPES,
            secrets=within in SECRET_TYPES,
        )
        try:
            return self._value(body.strip(), around)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
            return b""

    def _value(self, raw: bytes, around: Surroundings) -> bytes:
        if raw.startswith(b"{"):
            return self._object(raw, around)
        if raw.startswith(b"["):
            items = (self._value(bytes(item), around) for item in _items.decode(raw))
            return b"[" + b",".join(items) + b"]"
        return self._unpacked(raw, around) if _PACKED.match(raw) else raw

    def _unpacked(self, raw: bytes, around: Surroundings) -> bytes:
        """Return a text with the document in it redacted; as it was where there is none."""
        if around.packed >= _MOST_PACKED:
            return b"null"
        inside = msgspec.structs.replace(around, packed=around.packed + 1)
        document = _text.decode(raw).strip().encode()
        for readable in (document, without_lone_surrogates(document)):
            try:
                plain = msgspec.json.format(readable, indent=-1)
                redacted = self._value(plain, inside)
            except RecursionError:
                return b"null"
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
            return raw if redacted == plain else _encoder.encode(redacted.decode())
        return self._cut_short(raw, inside)

    def _cut_short(self, raw: bytes, around: Surroundings) -> bytes:
        """Return a text up to the first value that is to be hidden; as it was where there is none.

        Where that value ends nobody can say, and what a later one belongs to neither.
        """
        text = _text.decode(raw)
        hidden = SECRET_KEYS | self._rules.keys()
        if around.heartbeat or any(name in text.lower() for name in HEARTBEAT_NAMES):
            hidden |= HEARTBEAT_SECRET_KEYS
        if around.task or any(name in text for name in TASK_NAMES):
            hidden |= TASK_SECRET_KEYS
        if around.secrets or _IS_SECRET.search(text):
            hidden |= SECRET_CONTENTS
        for member in _MEMBER_IN_TEXT.finditer(text):
            if _ESCAPED_LETTER.sub(lambda letter: chr(int(letter[1], 16)), member[1]) in hidden:
                return _encoder.encode(text[: member.end()] + REST)
        return raw

    def _object(self, raw: bytes, around: Surroundings) -> bytes:
        members = _members.decode(raw)
        around = _refined(around, members)
        written = (
            _encoder.encode(key) + b":" + self._member(key, bytes(value), around)
            for key, value in members.items()
        )
        return b"{" + b",".join(written) + b"}"

    def _member(self, key: str, raw: bytes, around: Surroundings) -> bytes:
        if key in SECRET_KEYS:
            return b"null"
        if around.heartbeat and key in HEARTBEAT_SECRET_KEYS:
            return b"null"
        if around.task and key in TASK_SECRET_KEYS:
            return b"null"
        if around.secrets and key in SECRET_CONTENTS:
            return b"null"
        rule = self._rules.get(key)
        if key == "name" and around.person:
            rule = self._person_name
        if rule is not None and not raw.startswith(b"{"):
            return self._replaced(raw, rule, _below(around, key))
        return self._value(raw, _below(around, key))

    def _replaced(self, raw: bytes, rule: Replace, around: Surroundings) -> bytes:
        if raw.startswith(b"["):
            items = (self._replaced(bytes(item), rule, around) for item in _items.decode(raw))
            return b"[" + b",".join(items) + b"]"
        if raw.startswith(b"{"):
            return self._object(raw, around)
        replacement = rule(raw)
        return self._value(raw, around) if replacement is None else replacement


def kind_of(name: str) -> str:
    """Return a resource's kind by its JSON:API type or its class: `heartbeat` for `Alerts::Heartbeat`."""
    return name.rpartition("::")[2].lower()


def _refined(around: Surroundings, members: Mapping[str, msgspec.Raw]) -> Surroundings:
    """Add what the object says of itself by its JSON:API type, or an audit of what it is about."""
    for key in KIND_KEYS:
        raw = members.get(key)
        if raw is None or not bytes(raw).startswith(b'"'):
            continue
        try:
            kind = kind_of(msgspec.json.decode(raw, type=str))
        except msgspec.DecodeError:
            continue
        around = msgspec.structs.replace(
            around,
            heartbeat=around.heartbeat or kind in HEARTBEAT_NAMES,
            person=around.person or kind in PERSON_TYPES,
            secrets=around.secrets or kind in SECRET_TYPES,
        )
    return around


def _below(around: Surroundings, key: str) -> Surroundings:
    if key in _ENVELOPE_KEYS:
        return around
    return msgspec.structs.replace(
        around,
        heartbeat=around.heartbeat or key in HEARTBEAT_NAMES,
        person=key in PERSON_ATTRIBUTES or key.endswith(PERSON_SUFFIXES),
        task=around.task or key in TASK_NAMES,
    )
