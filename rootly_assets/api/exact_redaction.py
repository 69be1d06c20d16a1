"""Redacts a document object by object, for what the quick way cannot judge.

Objects and arrays are split into raw members by msgspec, which also resolves keys spelled with
escapes; scalars are never parsed, so that no number changes on the way. Every level is scanned
once for each level above it, which is why ordinary pages don't come here.

A text may be a document itself (the payload of a webhook, the changes that an audit notes): it is
redacted like the one around it, and stays as it was to the byte where it holds nothing to hide. One
that can't be taken apart, since it was cut short or has prose around it, is left to `text_redaction`.
"""

import re
from collections.abc import Callable, Collection, Mapping

import msgspec

from rootly_assets.api.envelope import without_lone_surrogates
from rootly_assets.api.text_redaction import TextRedactor
from rootly_assets.catalogue.sensitive import (
    CONTACT_KEYS,
    EMAIL_KEYS,
    GROUPS_OF_PEOPLE,
    HEARTBEAT_NAMES,
    HEARTBEAT_SECRET_KEYS,
    KIND_KEYS,
    MAYBE_EMAIL_KEYS,
    PAIR_NAMES,
    PAIR_VALUES,
    PANELS_OF_PEOPLE,
    PERSON_ATTRIBUTES,
    PERSON_SUFFIXES,
    PERSON_TEXTS,
    PERSON_TYPES,
    PHONE_KEYS,
    REQUEST_SECRET_KEYS,
    REQUEST_TASKS,
    SECRET_CONTENTS,
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
# What an audit tells of its resource does too.
_ENVELOPE_KEYS = frozenset({"data", "attributes", "included", "object", "object_changes"})
_CONTACTS = PHONE_KEYS | EMAIL_KEYS

# A text that begins like a JSON object, array or string, whichever way its first characters are spelled.
_PACKED = re.compile(
    rb'"(?:[ \t]|\\[nrt]|\\u00(?:09|0[aAdD]|20))*(?:[{\[]|\\"|\\u00(?:[57][bB]|22))',
)
_IS_SECRET = re.compile(
    rf'\b(?:{"|".join(KIND_KEYS)})\\*"\s*(?::|=>)\s*\\*"(?:\w+::)*(?i:{"|".join(SECRET_TYPES)})\\*"'
)
_ID = re.compile(rb'"[0-9a-fA-F-]*"')

# Each document in a text doubles the backslashes of those within: nobody packs so many.
_MOST_PACKED = 8
# Nor do objects and arrays go so deep: what does is hidden, before the interpreter gives up on the whole page.
_MOST_NESTED = 96


class _Group(msgspec.Struct):
    key: str | None = None


class _Dataset(msgspec.Struct):
    collection: str | None = None
    group_by: str | _Group | None = None


class _Panel(msgspec.Struct):
    datasets: list[_Dataset] = []


class Surroundings(msgspec.Struct, frozen=True):
    """What the objects above say about the values below."""

    heartbeat: bool = False
    person: bool = False
    secrets: bool = False
    task: bool = False
    request: bool = False
    contact: str = ""  # the key of telephone numbers or addresses that the object is one of
    depth: int = 0  # how many objects and arrays the value is inside of
    packed: int = 0  # how many texts the document is inside of


class ExactRedactor:
    """Applies rules by key and by what surrounds the key.

    Args:
        rules: key to what replaces its scalar values; in arrays, the items' values.
        secrets: keys of credentials, whatever they hold; their rules hide scalars alike.
        person_name: what replaces `name` in people; None to keep it.
    """

    def __init__(
        self,
        rules: Mapping[str, Replace],
        *,
        secrets: Collection[str],
        person_name: Replace | None,
    ) -> None:
        self._rules = rules
        self._secrets = frozenset(secrets)
        # Reading a text costs more than looking how it ends.
        self._ends_of_secrets = tuple({key[-1:].encode() + b'"' for key in secrets})
        self._person_name = person_name
        self._hidden = self._secrets | rules.keys()
        contextual = HEARTBEAT_SECRET_KEYS | TASK_SECRET_KEYS | SECRET_CONTENTS
        # Of the names that only count with an address behind them, prose is full.
        telling = self._hidden - (MAYBE_EMAIL_KEYS - self._secrets)
        self._texts = TextRedactor(
            self._hidden | contextual,
            self._secrets,
            telling | HEARTBEAT_SECRET_KEYS | TASK_NAMES | {"ecret", "ECRET", "\\u00"},
        )

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
        if raw.startswith((b"{", b"[")):
            if around.depth >= _MOST_NESTED:
                return b"null"
            if raw.startswith(b"{"):
                return self._object(raw, around)
            around = msgspec.structs.replace(around, depth=around.depth + 1)
            items = [self._value(bytes(item), around) for item in _items.decode(raw)]
            return b"[" + b",".join(items) + b"]"
        if not raw.startswith(b'"'):
            return raw
        if _PACKED.match(raw):
            return self._unpacked(raw, around)
        return self._in_prose(raw, around) if self._texts.may_speak(raw) else raw

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
        return self._in_prose(raw, inside)

    def _in_prose(self, raw: bytes, around: Surroundings) -> bytes:
        """Return a text that is no document without the values in it that are to be hidden."""
        try:
            text = _text.decode(raw)
        except msgspec.DecodeError:
            text = _text.decode(without_lone_surrogates(raw))
        hidden = self._hidden
        if around.heartbeat or any(name in text.lower() for name in HEARTBEAT_NAMES):
            hidden |= HEARTBEAT_SECRET_KEYS
        if around.task or any(name in text for name in TASK_NAMES):
            hidden |= TASK_SECRET_KEYS
        if around.secrets or _IS_SECRET.search(text):
            hidden |= SECRET_CONTENTS
        redacted = self._texts.redacted(text, hidden)
        return raw if redacted is text else _encoder.encode(redacted)

    def _object(self, raw: bytes, around: Surroundings) -> bytes:
        members = {key: bytes(value) for key, value in _members.decode(raw).items()}
        around = _refined(around, members)
        hidden = self._hidden_beside(members)
        if self._person_name is not None and _is_panel_of_people(members):
            hidden |= {"data"}
        written = [
            _encoder.encode(key)
            + b":"
            + (b"null" if key in hidden else self._member(key, value, around))
            for key, value in members.items()
        ]
        return b"{" + b",".join(written) + b"}"

    def _member(self, key: str, raw: bytes, around: Surroundings) -> bytes:
        if key in self._secrets:
            return b"null"
        if around.heartbeat and key in HEARTBEAT_SECRET_KEYS:
            return b"null"
        if around.task and key in TASK_SECRET_KEYS:
            return b"null"
        if around.request and key in REQUEST_SECRET_KEYS:
            return b"null"
        if around.secrets and key in SECRET_CONTENTS:
            return b"null"
        rule = self._rules.get(key)
        if (key == "name" and around.person) or (key in PERSON_TEXTS and _is_name(raw)):
            rule = self._person_name
        elif rule is None and key in CONTACT_KEYS:
            rule = self._rules.get(around.contact)
        if rule is not None:
            return self._replaced(raw, rule, _below(around, key))
        # What is above a scalar matters to none but texts that are looked into, which are few.
        return self._value(raw, _below(around, key)) if self._is_looked_into(raw) else raw

    def _hidden_beside(self, members: Mapping[str, bytes]) -> frozenset[str]:
        """Return what is to be hidden in an object that names a credential instead of having it as a key."""
        for key in PAIR_NAMES:
            raw = members.get(key, b"")
            if (
                raw.startswith(b'"')
                and raw.endswith(self._ends_of_secrets)
                and _text_in(raw) in self._secrets
            ):
                return PAIR_VALUES
        return frozenset()

    def _is_looked_into(self, raw: bytes) -> bool:
        if raw.startswith(b'"'):
            return _PACKED.match(raw) is not None or self._texts.may_speak(raw)
        return raw.startswith((b"{", b"["))

    def _replaced(self, raw: bytes, rule: Replace, around: Surroundings) -> bytes:
        if raw.startswith(b"{"):
            return self._value(raw, around)
        if raw.startswith(b"["):
            if around.depth >= _MOST_NESTED:
                return b"null"
            around = msgspec.structs.replace(around, depth=around.depth + 1)
            items = [self._replaced(bytes(item), rule, around) for item in _items.decode(raw)]
            return b"[" + b",".join(items) + b"]"
        replacement = rule(raw)
        return self._value(raw, around) if replacement is None else replacement


def _is_name(raw: bytes) -> bool:
    return raw.startswith(b'"') and not _ID.fullmatch(raw)


def _is_panel_of_people(members: Mapping[str, bytes]) -> bool:
    """Whether an object is a panel whose numbers are, or may be, under the names of people."""
    if "data" not in members or not members.get("params", b"").startswith(b"{"):
        return False
    try:
        datasets = msgspec.json.decode(members["params"], type=_Panel).datasets
    except msgspec.DecodeError:
        return b"datasets" in members["params"]
    return any(
        each.collection in PANELS_OF_PEOPLE or _attribute_of(each.group_by) in GROUPS_OF_PEOPLE
        for each in datasets
    )


def _attribute_of(group: "str | _Group | None") -> str:
    """What a panel groups by, without whose it is (`incidents.`) and which one (`incident_role:lead`)."""
    name = group.key if isinstance(group, _Group) else group
    return (name or "").removeprefix("incidents.").partition(":")[0]


def _text_in(raw: bytes) -> str:
    try:
        return _text.decode(raw)
    except msgspec.DecodeError:
        return ""


def kind_of(name: str) -> str:
    """Return a resource's kind by its JSON:API type or its class: `heartbeat` for `Alerts::Heartbeat`."""
    return name.rpartition("::")[2].lower()


def _refined(around: Surroundings, members: Mapping[str, bytes]) -> Surroundings:
    """Add what the object says of itself by its JSON:API type, or an audit of what it is about."""
    for key in KIND_KEYS:
        raw = members.get(key)
        if raw is None or not raw.startswith(b'"'):
            continue
        kind = kind_of(_text_in(raw))
        around = msgspec.structs.replace(
            around,
            heartbeat=around.heartbeat or kind in HEARTBEAT_NAMES,
            person=around.person or kind in PERSON_TYPES,
            secrets=around.secrets or kind in SECRET_TYPES,
        )
    if around.task and _text_in(members.get("task_type", b"")) in REQUEST_TASKS:
        around = msgspec.structs.replace(around, request=True)
    return around


def _below(around: Surroundings, key: str) -> Surroundings:
    if key in _ENVELOPE_KEYS:
        return msgspec.structs.replace(around, depth=around.depth + 1)
    return msgspec.structs.replace(
        around,
        heartbeat=around.heartbeat or key in HEARTBEAT_NAMES,
        secrets=around.secrets or key in SECRET_TYPES,
        contact=key if key in _CONTACTS else "",
        depth=around.depth + 1,
        person=key in PERSON_ATTRIBUTES or key.endswith(PERSON_SUFFIXES),
        task=around.task or key in TASK_NAMES,
    )
