"""The query string of a request, read as Rootly reads it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from rootly_assets.sandbox.server.answers import RefusedError

_FILTER = re.compile(r"filter\[(\w+)\](?:\[(\w+)\])?")


class Query:
    """Parameters by name; of a parameter given twice the last counts, except for `name[]`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._pairs = parse_qsl(text, keep_blank_values=True)
        self._values = dict(self._pairs)

    def get(self, name: str) -> str | None:
        """The value of a parameter, or None where it is missing or blank."""
        return self._values.get(name) or None

    def all(self, name: str) -> list[str]:
        """The values of an array parameter `name[]`."""
        return [value for key, value in self._pairs if key == f"{name}[]" and value]

    def words(self, name: str) -> list[str]:
        """The values of a parameter that holds several set apart by commas."""
        return [word.strip() for word in (self.get(name) or "").split(",") if word.strip()]

    def integer(self, name: str, default: int) -> int:
        """A positive whole number; RefusedError with 400 if it is anything else."""
        text = self.get(name)
        if text is None:
            return default
        if not text.isdecimal() or int(text) < 1:
            raise RefusedError(400, "Bad Request", f"{name} must be a positive integer")
        return int(text)

    def time(self, name: str) -> datetime | None:
        """An instant, UTC where no offset is given; RefusedError with 400 if it cannot be read."""
        text = self.get(name)
        return None if text is None else read_time(text, name)

    def filters(self) -> Iterator[tuple[str, str | None, str]]:
        """Attribute, operator and value of every `filter[attribute]` and `filter[attr][op]`."""
        for name, value in self._values.items():
            if match := _FILTER.fullmatch(name):
                yield match[1], match[2], value


def read_time(text: str, name: str) -> datetime:
    """An instant from ISO 8601; RefusedError with 400 if it cannot be read."""
    try:
        # A plus sign that a client left unescaped arrives as a space.
        when = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise RefusedError(400, "Bad Request", f"{name} is not an ISO 8601 time") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
