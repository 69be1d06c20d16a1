"""The one setting that names further credentials: members that are stored nowhere, whatever they hold."""

import re

from rootly_assets.errors import NotConfigured

# What a page is put together with, what its end is known by, and the two stamps that a sync goes by.
INDISPENSABLE: frozenset[str] = (
    frozenset({"attributes", "data", "id", "included", "links", "meta", "relationships", "type"})
    | {"current_page", "next_cursor", "next_page", "prev_page", "total_count", "total_pages"}
    | {"created_at", "updated_at"}
)

# No longer than what redaction looks back for a key's quote.
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,63}")


def parsed(text: str) -> frozenset[str]:
    """Read the setting: names of members, separated by commas, as they are spelled (`apiKey,X-Token`).

    Raises:
        NotConfigured: a name that can be none, or one that no page can do without.
    """
    names = frozenset(word.strip() for word in text.split(",") if word.strip())
    for name in sorted(names):
        if name in INDISPENSABLE:
            raise NotConfigured(
                f"ROOTLY_SECRET_KEYS is {text!r}, but no list can be read without {name}: leave it out."
            )
        if not _NAME.fullmatch(name):
            raise NotConfigured(
                f"ROOTLY_SECRET_KEYS is {text!r}, but {name!r} is not the name of a member: letters, digits, "
                "underscores, hyphens and full stops, 63 at most; commas separate one from the next."
            )
    return names
