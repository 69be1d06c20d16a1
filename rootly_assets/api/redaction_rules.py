"""Names the rules by which answers are redacted, so that rows that were read under others can be told.

Rows keep what the rules of their time left in them, until they are read again: rules that hide something else
need another name.
"""

import hashlib
import hmac
from collections.abc import Collection
from typing import cast

import msgspec

from rootly_assets.api.settings import ClientSettings
from rootly_assets.catalogue import sensitive

# One more with each version that hides something else without a change of these lists or of a setting.
VERSION = 1


def redaction_rules(settings: ClientSettings) -> str:
    """The rules' name: a few letters that are the same as long as the rules are.

    Args:
        settings: what happens to personal data, with which salt, and which members are secret beside ours. The
            name shows no more of the salt than one hash of a constant text.
    """
    treated = settings.personal_data
    salted = (
        hmac.digest(settings.salt.encode(), b"rootly-assets", "sha256").hex()
        if treated.hashes
        else ""
    )
    said = (VERSION, _lists(), treated, sorted(settings.secret_keys), salted)
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]


def _lists() -> dict[str, list[str]]:
    """Every list of names by which something is hidden."""
    found = {name: words for name, words in vars(sensitive).items() if name.isupper()}
    return {name: sorted(cast("Collection[str]", found[name])) for name in sorted(found)}
