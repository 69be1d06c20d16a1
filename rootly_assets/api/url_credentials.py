"""Hides credentials of URLs and forms in the bytes of a document, whatever text they stand in.

These are the password before a host (RFC 3986, section 3.2.1), and the values of parameters such as
`pwd` or `token`, in a query or as `password=…` in any text. Slashes, colons and `@` may be spelled
with the escapes of JSON, of documents that are texts too.
"""

import re
from collections.abc import Collection

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from rootly_assets.catalogue.sensitive import QUERY_KEYS

REDACTED = b"[redacted]"

Edits = dict[int, tuple[int, bytes]]
"""What to replace: by where it begins, where it ends and what takes its place."""

# Of an escaped character: those that end a URL, or what is before its host, are left out.
_ESCAPED = rb"\\++u(?!00(?:[01][0-9a-fA-F]|2[023fF]|3[cCeEfF]|40|5[cC]))[0-9a-fA-F]{4}"
_PASSWORD = rb'[^\s"\\/?#@<>]*+(?:%b[^\s"\\/?#@<>]*+)*+' % _ESCAPED
_USER = _PASSWORD.replace(b"@<>", b"@<>:").replace(b"|40|", b"|40|3[aA]|")
_COLON = rb"(?::|(?<!\\)\\++u003[aA])"
_SLASH = rb"(?:\\*+/|\\++u002[fF])"
_AT = rb"(?:@|\\++u0040)"
_PASSWORD_IN_URL = re.compile(
    rb"(%b%b{2}%b%b)(?!%b)%b(?=%b)" % (_COLON, _SLASH, _USER, _COLON, _AT, _PASSWORD, _AT)
)
# How far the colon of a scheme may be from the second slash, with all the backslashes between.
_FROM_COLON_TO_SLASH = 64
_ESCAPED_HOST = re.compile(rb"\\u00(?:2[fF]|3[aA]|40)")
ESCAPED_PUNCTUATION = rb"2[fF]|3[aA]|40"
"""Hexadecimal digits of the punctuation that is before a host: `/`, `:` and `@`."""

# Substrings of which every name of a parameter, with the sign behind it, contains one that begins a search.
# The third stands before `"to`, one of those of addresses, which would hide the second.
QUERY_NEEDLES = (b"passwd=", b"pwd=", b"passcode=", b'"token=', b"token=", b"api_key=", b"apikey=")
_ALL_NEEDLES = (b"password", b"secret", *QUERY_NEEDLES)

# The name before the sign; `user[password]` is one too.
_LONGEST_NAME = 64
# A template is none (`{{ secrets.token }}`), and no value either.
_VALUE = re.compile(
    rb"(?!\{\{)(?:[^\s\"'\\&<>#|]|%b)+" % _ESCAPED.replace(b"2[023fF]", b"2[0236fF]")
)
_EQUALS = ord("=")


def without_url_passwords(body: bytes) -> bytes:
    """Return the document with the password of every URL replaced."""
    if not has_url_password(body) and not _ESCAPED_HOST.search(body):
        return body
    return _PASSWORD_IN_URL.sub(rb"\1" + REDACTED, body)


def has_url_password(body: bytes) -> bool:
    """Whether there is a URL with a password, unless its `@` or a slash is spelled by number.

    Judged at each `@`: there are fewer of them than of URLs.
    """
    last, at = -1, body.find(b"@")
    while at >= 0:
        # What is before a host has no quote, no slash and no other `@`: each byte is looked at once.
        opening = max(last, body.rfind(b'"', last + 1, at))
        slash = body.rfind(b"/", opening + 1, at)
        if slash >= 0:
            colon = body.rfind(b":", max(opening + 1, slash - _FROM_COLON_TO_SLASH), slash)
            if colon >= 0 and _PASSWORD_IN_URL.match(body, colon):
                return True
        last, at = at, body.find(b"@", at + 1)
    return False


class ParameterRedactor:
    """Hides values of parameters.

    Args:
        own_keys: parameters that are credentials to the user, beside those that are to everybody.
    """

    def __init__(self, own_keys: Collection[str] = ()) -> None:
        own = [key.encode() for key in own_keys]
        names = b"|".join(sorted(map(re.escape, {*own, *(key.encode() for key in QUERY_KEYS)})))
        self._name = re.compile(rb"(?:^|[^A-Za-z0-9_]|\\[nrt]|\\u0026)(?:%b)\]?\Z" % names)
        # One search for each, since a name of the user's could hide a needle.
        self._searches = [
            BytesAhoCorasick(needles, MatchKind.LeftmostFirst)
            for needles in (_ALL_NEEDLES, own)
            if needles
        ]

    def redacted(self, body: bytes) -> bytes:
        """Return the document with the value of every parameter that is a credential replaced."""
        edits: Edits = {}
        for search in self._searches:
            for _, _, end in search.find_matches_as_indexes(body):
                self.edit(body, end, edits)
        return edited(body, edits)

    def edit(self, body: bytes, end: int, edits: Edits) -> bool:
        """Add what is to be replaced where a needle that ends there is a parameter's name; say if it is."""
        if body[end - 1] != _EQUALS:
            if body[end : end + 1] == b"]":
                end += 1
            if body[end : end + 1] != b"=":
                return False
            end += 1
        if not self._name.search(body, max(0, end - 1 - _LONGEST_NAME), end - 1):
            return False
        value = _VALUE.match(body, end)
        if value is None:
            return False
        edits[end] = (value.end(), REDACTED)
        return True


def edited(body: bytes, edits: Edits) -> bytes:
    """Return the document with all replaced; what is within something replaced goes with it."""
    if not edits:
        return body
    parts: list[bytes] = []
    at = 0
    for start, (end, replacement) in sorted(edits.items()):
        if start >= at:
            parts += (body[at:start], replacement)
            at = end
    parts.append(body[at:])
    return b"".join(parts)
