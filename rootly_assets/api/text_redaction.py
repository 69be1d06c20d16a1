"""Hides members of a document that stands in a text and can't be taken apart: cut short, or amid prose.

A name that is to be hidden counts where it is a member of something: quoted (`"secret": "x"`,
`'secret' => 'x'`), a symbol of Ruby's (`:secret=>"x"`), bare within braces (`{secret: x}`), given as
an argument (`secret="x"`), or, a credential's only, alone on its line (`secret: x`,
`secret: Bearer x`). Prose that speaks of secrets stays as it is. Only the value is replaced; where
its end can't be told, the rest of the text is.
"""

import json
import re
from collections.abc import Collection

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from rootly_assets.api import url_credentials

REDACTED = url_credentials.REDACTED.decode()
"""What stands for a value, or the rest of a text."""

# However a name is spelled and its quotes are escaped.
_QUOTED = r'"(?P<quoted>(?:[^"\\]|\\{1,255}u00[0-9a-fA-F]{2}){1,64})\\{0,255}"'
_SIGN = r"(?P<sign>(?:\s|\\{1,255}[nrt]){0,16}(?::|=>|=(?!=))\s?)"
_ESCAPED_LETTER = re.compile(r"\\+u00([0-9a-fA-F]{2})")
_SPACE = re.compile(r"\s{0,16}")
_STRING = re.compile(
    r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')(?=\s|[,;.)}\]|&]|\Z)""", re.DOTALL
)
# A header names the kind of its credential before it.
_SCHEME = "(?:(?:Basic|Bearer|Digest|Token)[ ])?"
_WORD = re.compile(rf"{_SCHEME}[^\s,}}\]]+")
_NOTHING = frozenset({"null", "nil", "None", "undefined", "true", "false", "True", "False"})
_LINE_BEFORE = re.compile(r"(?:\A|\n)[ \t]{0,32}(?:- {1,4})?\Z")
_REST_OF_LINE = re.compile(rf"""{_SCHEME}(?:"[^"\n]*+"|'[^'\n]*+'|[^\s"']\S*+)[ \t\r]*+(?=\n|\Z)""")
# How far back braces are looked for: a text of nothing but names must not take for ever.
_FAR = 4096
_document = json.JSONDecoder(strict=False)


class TextRedactor:
    """Hides members of texts.

    Args:
        names: all that may ever be hidden.
        credentials: those of them that are hidden on lines of their own and as bare arguments too.
        hints: other words that make a text worth a closer look.
    """

    def __init__(
        self, names: Collection[str], credentials: Collection[str], hints: Collection[str]
    ) -> None:
        words = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        self._member = re.compile(
            rf"(?:{_QUOTED}|(?<!\w)(?:'(?P<single>{words})'|(?P<symbol>:)?(?P<bare>{words}))){_SIGN}"
        )
        self._credentials = frozenset(credentials)
        self._search = BytesAhoCorasick(
            [hint.encode() for hint in sorted(hints)], MatchKind.LeftmostFirst
        )

    def may_speak(self, raw: bytes) -> bool:
        """Whether a text, as JSON, is worth a closer look."""
        if b":" not in raw and b"=" not in raw:
            return False
        return bool(self._search.find_matches_as_indexes(raw))

    def redacted(self, text: str, hidden: Collection[str]) -> str:
        """Return the text without the values of members that have one of the hidden names."""
        parts: list[str] = []
        at = 0
        brace = text.find("{")
        found = self._member.search(text)
        while found is not None:
            start = _SPACE.match(text, found.end()).end()  # pyright: ignore[reportOptionalMemberAccess] - it always matches
            end: int | None = start
            if self._is_hidden(found, start, hidden, brace):
                end = _end(text, start)
                if end is None:
                    return "".join((*parts, text[at : found.end()], REDACTED))
                if end > start:
                    parts += (text[at:start], _instead(text[start:end]))
                    at = end
            found = self._member.search(text, max(end, found.end()))
        return "".join((*parts, text[at:])) if parts else text

    def _is_hidden(
        self, found: re.Match[str], start: int, hidden: Collection[str], brace: int
    ) -> bool:
        text = found.string
        if text.startswith("{{", start):  # a template, which says where a value is to come from
            return False
        solid = text[start : start + 1].isdigit() or text.startswith(
            ("{", "[", '"', "'", "\\"), start
        )
        if found["quoted"] is not None or found["single"] is not None:
            name = _ESCAPED_LETTER.sub(_letter, found["quoted"] or found["single"])
            return name in hidden and (solid or 0 <= brace < found.start())
        name = found["bare"]
        if name not in hidden:
            return False
        if found["symbol"] and "=>" in found["sign"]:
            return True
        before = text[max(0, found.start() - _FAR) : found.start()]
        near = before.rstrip()[-1:]
        if near in {"{", ","} and before.rfind("{") > before.rfind("}"):
            return True
        if name not in self._credentials:
            return False
        quoted = text.startswith(('"', "'"), start)
        if quoted and (near == "(" or (found["sign"] == "=" and start == found.end())):
            return True
        return bool(_LINE_BEFORE.search(before[-64:]) and _REST_OF_LINE.match(text, start))


def _letter(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _instead(value: str) -> str:
    return value[0] + REDACTED + value[0] if value[0] in "\"'" else REDACTED


def _end(text: str, start: int) -> int | None:
    """Return where the value ends; where it begins if there is nothing to hide; None if nobody can say."""
    if text.startswith(REDACTED, start):
        return start + len(REDACTED)
    first = text[start : start + 1]
    if first in {'"', "'"}:
        found = _STRING.match(text, start)
        return found.end() if found else None
    if first == "\\":
        return None
    if first in {"{", "["}:
        try:
            return _document.raw_decode(text, start)[1]
        except (ValueError, RecursionError):
            return None
    word = _WORD.match(text, start)
    return start if word is None or word[0] in _NOTHING else word.end()
