"""Takes credentials and personal data out of an answer, on its bytes, before anything else sees it.

An ordinary page is searched once for a handful of needles and never parsed. In valid JSON an
unescaped quote that follows a letter ends a string, and a string that a colon follows is a key; so
a hit is a key exactly if the quotes around it are bare and a colon comes next. Whatever cannot be
judged so simply (keys spelled with escapes, values that are objects, rules that depend on what
surrounds the key, members of what stands in a text) is left to `exact_redaction`, which takes the
page apart.

The search finds needles that don't overlap. One can hide another only within the same string, since
quotes are at most at their ends; and it is the string around a needle that is looked at.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from rootly_assets.api.exact_redaction import ExactRedactor, kind_of
from rootly_assets.api.personal_data import PersonalData, Treatment
from rootly_assets.api.url_credentials import (
    ESCAPED_PUNCTUATION,
    QUERY_NEEDLES,
    REDACTED,
    Edits,
    ParameterRedactor,
    edited,
    has_url_password,
    without_url_passwords,
)
from rootly_assets.catalogue.sensitive import (
    EMAIL_KEYS,
    MAYBE_EMAIL_KEYS,
    NAME_KEYS,
    PHONE_KEYS,
    SECRET_KEYS,
    SECRET_TYPES,
)

NULL = b"null"

# Substrings of which every key of a kind contains at least one (a test sees to it). None has the quote
# that ends a key: within a text there is a backslash before it.
SECRET_NEEDLES = (
    b"password",
    b"secret",
    b"Secret",
    b"SECRET",
    b"ping_url",
    b"custom_headers",
    b"webhook_endpoint",
    b"zoom_meeting_start_url",
)
PHONE_NEEDLES = (b"phone",)
EMAIL_NEEDLES = (b"email", b'"alternative_hosts', b'"attendees', b'"bcc', b'"cc', b'"from', b'"to')
# Where a needle of the one and one of the other kind occur, what is above a key may make a credential of it:
# an address may be a heartbeat's, headers may be a workflow's.
HEARTBEAT_NEEDLES = (b"heartbeat", b"Heartbeat", b"HEARTBEAT", b'"email_address')
TASK_NEEDLES = (b'"task_params', b'"headers', b"http_client")
_TOGETHER = (
    (frozenset(HEARTBEAT_NEEDLES[:-1]), frozenset(HEARTBEAT_NEEDLES[-1:])),
    (frozenset(TASK_NEEDLES[:1]), frozenset(TASK_NEEDLES[1:])),
)
# Where it occurs, a key may be spelled with escapes.
ESCAPE_NEEDLE = b"\\u00"

# Letters of keys and kinds, the quotes around those of a document that is a text, and what is before a host.
_ESCAPED_LETTER = re.compile(
    rb"\\u00(?:22|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[0-9a-fA-F]|7[0-9aA]|%b)" % ESCAPED_PUNCTUATION
)
_LONGEST_KEY = 64
_BACKSLASH = ord("\\")
# A key without escapes, and a value that is text without escapes or null.
_PLAIN_MEMBER = re.compile(rb'"([^"\\]*)"[ \t\r\n]*:[ \t\r\n]*(?:null|("[^"\\]*"))')
# A word within a text, from one of its quotes to the backslash before the other.
_WORD_IN_TEXT = re.compile(rb'"([^"\\]*)\\')
# What follows the name of a member in a text: the rest of the name, a quote, and a sign.
_SIGN_IN_TEXT = re.compile(
    rb"([A-Za-z0-9_]*+)(\\*+[\"']|\\++u002[27])?(?:[ \t\r\n]|\\++[nrt])*+([:=])"
)
_WORD = re.compile(rb"[A-Za-z0-9_]+\Z")
# What is before such a name where it has no quotes; most prose has not.
_ESCAPES = frozenset({b"\\n", b"\\r", b"\\t"})
_BEFORE_BARE_NAMES = frozenset({b"{", b",", b"(", b"-", b'"', b""})

Replace = Callable[[bytes], bytes | None]
"""Given a scalar's JSON text, its replacement; None to leave it."""

Hits = Sequence[tuple[int, int, int]]
"""For each needle found, from front to back: its number, where it begins, and where it ends."""

SHORTEST_TOKEN = 8
"""A shorter one is no API key of Rootly's but a stand-in's, and may be a word of any text (`test`)."""


class NotPlain(Exception):  # noqa: N818 - a signal between two functions, never seen outside
    """A value that the quick way cannot judge."""


class Redactor:
    """Redacts bodies by one setting.

    Args:
        personal_data: what to do with names, e-mail addresses and telephone numbers.
        salt: key of the hashes.
        token: the API key itself, which must not come back in an answer either.
        secret_keys: members that are credentials to the user, beside those that are to everybody.
    """

    def __init__(
        self,
        personal_data: PersonalData,
        salt: str = "",
        token: str = "",
        secret_keys: frozenset[str] = frozenset(),
    ) -> None:
        self._salt = salt.encode()
        self._token = token.encode() if len(token) >= SHORTEST_TOKEN else b""
        self._names_kept = personal_data.names is Treatment.KEEP
        self._rules: dict[bytes, Replace] = {}
        self._needles = [ESCAPE_NEEDLE, *HEARTBEAT_NEEDLES, *TASK_NEEDLES, *QUERY_NEEDLES]
        self._add(EMAIL_KEYS, EMAIL_NEEDLES, self._replacement(personal_data.emails))
        self._add(MAYBE_EMAIL_KEYS, (), self._address_replacement(personal_data.emails))
        self._add(PHONE_KEYS, PHONE_NEEDLES, self._replacement(personal_data.phones))
        names = self._replacement(personal_data.names)
        self._add(NAME_KEYS, (), names)
        secrets = SECRET_KEYS | secret_keys
        self._secret_names = frozenset(key.encode() for key in secrets)
        self._add(secrets, SECRET_NEEDLES, _to_null)
        # Leftmost matches of a few dozen needles are sought with the processor's vector
        # instructions; any other kind, or many more needles, byte by byte.
        self._finds_token = bool(self._token) and not _can_be_hidden(self._token, self._needles)
        if self._finds_token:
            self._needles.insert(0, self._token)
        self._needle_search = BytesAhoCorasick(self._needles, MatchKind.LeftmostFirst)
        # Sought by themselves: among the others, a name that ends as another needle begins would hide that one.
        own = sorted(key.encode() for key in secret_keys)
        self._parameters = ParameterRedactor(secret_keys)
        self._own_search = BytesAhoCorasick(own, MatchKind.LeftmostLongest) if own else None
        self._exact = ExactRedactor(
            {key.decode(): rule for key, rule in self._rules.items()},
            secrets=secrets,
            person_name=names,
        )

    def redact(self, body: bytes, *, within: str = "") -> bytes:
        """Return the JSON document without credentials, and with personal data as set.

        Args:
            body: an answer's body; where it is not valid JSON the result isn't either.
            within: the kind of resource that was asked for, e.g. `heartbeats`, should the records
                not say.
        """
        if not self._names_kept or within in {"heartbeats", "secrets"}:
            return self._exactly(body, within)
        if has_url_password(body):
            body = without_url_passwords(body)
        if not self._finds_token:
            body = self._without_token(body)
        hits = self._needle_search.find_matches_as_indexes(body)
        if self._finds_token and any(number == 0 for number, _, _ in hits):
            body = self._without_token(body)
            hits = self._needle_search.find_matches_as_indexes(body)
        own = self._own_search.find_matches_as_indexes(body) if self._own_search else ()
        try:
            return self._quickly(body, hits, own) if hits or own else body
        except NotPlain:
            return self._exactly(body, within)

    def _exactly(self, body: bytes, within: str) -> bytes:
        body = self._without_token(self._parameters.redacted(without_url_passwords(body)))
        return self._exact.redact(body, within=within)

    def _without_token(self, body: bytes) -> bytes:
        return body.replace(self._token, REDACTED) if self._token else body

    def _quickly(self, body: bytes, hits: Hits, own: Hits) -> bytes:
        found = {self._needles[number] for number, _, _ in hits}
        if any(found & one and found & other for one, other in _TOGETHER):
            raise NotPlain
        if ESCAPE_NEEDLE in found and _ESCAPED_LETTER.search(body):
            raise NotPlain
        return edited(body, self._edits(body, chain(hits, own)))

    def _edits(self, body: bytes, hits: Iterable[tuple[int, int, int]]) -> Edits:
        """Return what to replace.

        Raises:
            NotPlain: a hit can't be judged by what is around it.
        """
        edits: Edits = {}
        for _, begin, end in hits:
            opening = body.rfind(b'"', max(0, begin - _LONGEST_KEY), begin + 1)
            if opening > 0 and body[opening - 1] == _BACKSLASH:
                word = _WORD_IN_TEXT.match(body, opening)
                if word is not None and (word[1] in self._rules or _is_kind_of_secret(word[1])):
                    raise NotPlain
            member = _PLAIN_MEMBER.match(body, opening) if opening > 0 else None
            if member is not None and body[opening - 1] != _BACKSLASH:
                # So it is with nearly every hit.
                rule = self._rules.get(member[1])
                if rule is None:
                    if _is_kind_of_secret(member[1]):
                        raise NotPlain
                elif (value := member[2]) is not None and (replaced := rule(value)) is not None:
                    edits[member.start(2)] = (member.end(), replaced)
                continue
            if self._parameters.edit(body, end, edits):
                continue
            if self._is_member_in_text(body, begin, end):
                raise NotPlain
            closing = body.find(b'"', max(end - 1, opening + 1), end + _LONGEST_KEY)
            key = body[opening + 1 : closing] if 0 <= opening < closing else b""
            # A value that is a credential's name: another one beside it may be the credential.
            if key in self._secret_names or _is_kind_of_secret(key):
                raise NotPlain
        return edits

    def _is_member_in_text(self, body: bytes, begin: int, end: int) -> bool:
        """Whether a needle that lies there is in a name that may be a member's in a text."""
        sign = _SIGN_IN_TEXT.match(body, end)
        word = _WORD.search(body, max(0, end - _LONGEST_KEY), end) if sign else None
        if sign is None or word is None:
            return False
        start = word.start()
        # The letter of an escape is none of the name's.
        start += body[start - 1 : start + 1] in _ESCAPES
        if body[start:end] + sign[1] not in self._rules:
            # A name with a hyphen in it is one of the user's, and the needle is all of it.
            start = begin
            if body[start:end] + sign[1] not in self._secret_names:
                return False
        if sign[2] or sign[3] == b"=":
            return True
        before = body[max(0, start - _LONGEST_KEY) : start].rstrip(b" ")
        return before[-1:] in _BEFORE_BARE_NAMES or before[-2:] in _ESCAPES

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


def _can_be_hidden(sought: bytes, needles: Sequence[bytes]) -> bool:
    """Whether a match of a needle that begins earlier can cover the beginning of what is sought."""
    rests = (needle[at:] for needle in needles for at in range(1, len(needle)))
    return any(sought.startswith(rest) or rest.startswith(sought) for rest in rests)


def _is_kind_of_secret(word: bytes) -> bool:
    """Whether it may be, as a value, the type of a resource that is credentials through and through."""
    return (b"ecret" in word or b"ECRET" in word) and kind_of(
        word.decode("utf-8", "replace")
    ) in SECRET_TYPES


def _to_null(value: bytes) -> bytes:  # noqa: ARG001 - one rule of several, all with this signature
    return NULL


def _text_of(value: bytes) -> str:
    # The standard library's reader: msgspec refuses lone surrogates, which Rootly's texts may hold.
    decoded: object = json.loads(value)
    return str(decoded)
