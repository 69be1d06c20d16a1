"""A small client of the sandbox: it reads, and walks lists page by page."""

from collections.abc import Iterator
from typing import Any

import requests

from rootly_assets.sandbox import Server


class Client:
    """Reads a served sandbox with its own token."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {server.token}"

    def get(self, path: str, **parameters: Any) -> requests.Response:
        """GET with parameters whose names have `__` for brackets: `page__size=2`."""
        query = {_name(name): value for name, value in parameters.items()}
        return self._session.get(self._server.url + path, params=query, timeout=10)

    def head(self, path: str) -> requests.Response:
        return self._session.head(self._server.url + path, timeout=10)

    def rows(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of one answer, which must be a good one."""
        answer = self.get(path, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def ids(self, path: str, **parameters: Any) -> list[str]:
        return [row["id"] for row in self.rows(path, **parameters)]

    def numbered(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, by `meta.next_page`."""
        number: int | None = 1
        while number:
            body = self.get(path, page__number=number, **parameters).json()
            yield from body["data"]
            number = body["meta"]["next_page"]

    def by_cursor(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, by `meta.next_cursor`."""
        body = self.get(path, **parameters).json()
        yield from body["data"]
        while cursor := body["meta"]["next_cursor"]:
            body = self.get(path, page__after=cursor, **parameters).json()
            yield from body["data"]


def _name(name: str) -> str:
    first, *inner = name.split("__")
    return first + "".join(f"[{word}]" for word in inner)
