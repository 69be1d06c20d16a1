"""Takes credentials and personal data out of an answer, on its bytes, before anything else sees it.

An ordinary page is searched for a handful of needles with `bytes.find` and never parsed (about 0.3
CPU seconds for 133 MB). In valid JSON an unescaped quote that follows a letter ends a string, and
a string that a colon follows is a key; so a hit is a key exactly if the quotes around it are bare
and a colon comes next. Whatever cannot be judged so simply (keys spelled with escapes, values that
are objects, rules that depend on what surrounds the key) is left to `exact_redaction`, which takes
the page apart.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable

from rootly_assets.api.exact_redaction import ExactRedactor
from rootly_assets.api.personal_data import PersonalData, Treatment
from rootly_assets.catalogue.sensitive import (
    EMAIL_KEYS,
    MAYBE_EMAIL_KEYS,
    NAME_KEYS,
    PHONE_KEYS,
    SECRET_KEYS,
    SECRET_TYPES,
)

NULL = b"null"
REDACTED = b"[redacted]"

# Substrings of which every key of a kind contains at least one (a test sees to it).
SECRET_NEEDLES = (
    b'password"',
    b"secret",
    b'ping_url"',
    b'custom_headers"',
    b'webhook_endpoint"',
    b'zoom_meeting_start_url"',
)
PHONE_NEEDLES = (b'"phone',)
EMAIL_NEEDLES = (b"email", b'"alternative_hosts"', b'"attendees"', b'cc"', b'"from"', b'"to"')
HEARTBEAT_NEEDLE = b'"email_address"'
# As a value, these may be the type of a resource that is credentials through and through.
SECRET_RESOURCES = frozenset(name.encode() for name in SECRET_TYPES)

_ESCAPED_KEY_LETTER = re.compile(rb"\\u00(?:3[0-9]|5[fF]|6[0-9a-fA-F]|7[0-9aA])")
_LONGEST_KEY = 64
_COLON = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*")

Replace = Callable[[bytes], bytes | None]
"""Given a scalar's JSON text, its replacement; None to leave it."""


class NotPlain(Exception):  # noqa: N818 - a signal between two functions, never seen outside
    """A value that the quick way cannot judge."""


class Redactor:
    """Redacts bodies by one setting.

    Args:
        personal_data: what to do with names, e-mail addresses and telephone numbers.
        salt: key of the hashes.
        token: the API key itself, which must not come back in an answer either.
    """

    def __init__(self, personal_data: PersonalData, salt: str = "", token: str = "") -> None:
        self._salt = salt.encode()
        self._token = token.encode()
        self._names_kept = personal_data.names is Treatment.KEEP
        self._rules: dict[bytes, Replace] = {}
        self._needles: list[bytes] = []
        self._add(EMAIL_KEYS, EMAIL_NEEDLES, self._replacement(personal_data.emails))
        self._add(MAYBE_EMAIL_KEYS, (), self._address_replacement(personal_data.emails))
        self._add(PHONE_KEYS, PHONE_NEEDLES, self._replacement(personal_data.phones))
        names = self._replacement(personal_data.names)
        self._add(NAME_KEYS, (), names)
        self._add(SECRET_KEYS, SECRET_NEEDLES, _to_null)
        self._exact = ExactRedactor(
            {key.decode(): rule for key, rule in self._rules.items()}, person_name=names
        )

    def redact(self, body: bytes, *, within: str = "") -> bytes:
        """Return the JSON document without credentials, and with personal data as set.

        Args:
            body: an answer's body; where it is not valid JSON the result isn't either.
            within: the kind of resource that was asked for, e.g. `heartbeats`, should the records
                not say.
        """
        if self._token and self._token in body:
            body = body.replace(self._token, REDACTED)
        if self._needs_exactness(body, within):
            return self._exact.redact(body, within=within)
        try:
            return self._quickly(body)
        except NotPlain:
            return self._exact.redact(body, within=within)

    def _needs_exactness(self, body: bytes, within: str) -> bool:
        return (
            not self._names_kept
            or within in {"heartbeats", "secrets"}
            or _ESCAPED_KEY_LETTER.search(body) is not None
            or (HEARTBEAT_NEEDLE in body and b"heartbeat" in body)
        )

    def _quickly(self, body: bytes) -> bytes:
        edits: dict[int, tuple[int, bytes]] = {}
        for needle in self._needles:
            self._search(body, needle, edits)
        if not edits:
            return body
        parts: list[bytes] = []
        at = 0
        for start in sorted(edits):
            end, replacement = edits[start]
            parts += (body[at:start], replacement)
            at = end
        parts.append(body[at:])
        return b"".join(parts)

    def _search(self, body: bytes, needle: bytes, edits: dict[int, tuple[int, bytes]]) -> None:
        find, rules, width = body.find, self._rules, len(needle)
        hit = find(needle)
        while hit >= 0:
            opening = body.rfind(b'"', max(0, hit - _LONGEST_KEY), hit + 1)
            closing = find(b'"', max(hit + width - 1, opening + 1), hit + width + _LONGEST_KEY)
            key = body[opening + 1 : closing] if 0 <= opening < closing else b""
            rule = rules.get(key)
            if rule is not None and body[opening - 1 : opening] != b"\\":
                colon = _COLON.match(body, closing + 1)
                if colon is not None:
                    _edit(body, colon.end(), rule, edits)
                elif key in SECRET_RESOURCES:
                    raise NotPlain
            elif key in SECRET_RESOURCES:
                raise NotPlain
            hit = find(needle, hit + width)

    def _add(self, keys: frozenset[str], needles: tuple[bytes, ...], rule: Replace | None) -> None:
        if rule is not None:
            self._rules.update({key.encode(): rule for key in keys})
            self._needles.extend(needles)

    def _replacement(self, treatment: Treatment) -> Replace | None:
        return {Treatment.KEEP: None, Treatment.HASH: self._hashed, Treatment.DROP: _to_null}[
            treatment
        ]

    def _address_replacement(self, treatment: Treatment) -> Replace | None:
        rule = self._replacement(treatment)
        if rule is None:
            return None
        return lambda value: rule(value) if b"@" in value or b"\\u0040" in value else None

    def _hashed(self, value: bytes) -> bytes | None:
        """HMAC-SHA256 (RFC 2104) of the trimmed, lower-cased text, so that joins still work."""
        if value in {b"null", b"true", b"false"}:
            return None
        text = _text_of(value)
        digest = hmac.new(
            self._salt, text.strip().lower().encode("utf-8", "replace"), hashlib.sha256
        )
        return b'"' + digest.hexdigest().encode() + b'"'


def _to_null(value: bytes) -> bytes:  # noqa: ARG001 - one rule of several, all with this signature
    return NULL


def _text_of(value: bytes) -> str:
    # The standard library's reader: msgspec refuses lone surrogates, which Rootly's texts may hold.
    decoded: object = json.loads(value)
    return str(decoded)


def _edit(body: bytes, start: int, rule: Replace, edits: dict[int, tuple[int, bytes]]) -> None:
    first = body[start : start + 1]
    if first == b"n":  # null is null already
        return
    if first != b'"':
        raise NotPlain
    end = body.find(b'"', start + 1) + 1
    if not end or b"\\" in body[start:end]:
        raise NotPlain
    replacement = rule(body[start:end])
    if replacement is not None:
        edits[start] = (end, replacement)
