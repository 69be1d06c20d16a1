"""The address of a catalog on a server, `postgres:dbname=… password=…`, and the password apart from it."""

import re

from rootly_assets.errors import NotConfigured

# As libpq reads them: a value may be quoted, and a sign in it escaped.
_PAIR = re.compile(
    r"\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?!')(?:[^\s\\]|\\.)*))(?=\s|$)", re.DOTALL
)


def is_server(catalog: str) -> bool:
    """Whether a catalog is no file."""
    return catalog.startswith("postgres:")


def parted(catalog: str) -> tuple[str, str | None]:
    """The address of a server's catalog without its password, and the password, if it has one.

    Raises:
        NotConfigured: it can't be read; the message has none of it.
    """
    given = catalog.removeprefix("postgres:").rstrip()
    kept: list[str] = []
    password = None
    at = 0
    while at < len(given):
        pair = _PAIR.match(given, at)
        if pair is None:
            raise NotConfigured(
                "ROOTLY_DUCKLAKE_CATALOG begins with postgres:, but what follows can't be read. Write it as "
                "names and values: postgres:dbname=… host=… user=… password=…, a value with spaces in '…'."
            )
        if pair[1] == "password":
            password = re.sub(r"\\(.)", r"\1", pair[2] or pair[3] or "", flags=re.DOTALL)
        else:
            kept.append(pair[0].strip())
        at = pair.end()
    return f"postgres:{' '.join(kept)}", password
