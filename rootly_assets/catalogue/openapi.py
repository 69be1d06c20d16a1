"""Reads an OpenAPI 3 document: list operations, their parameters, and the attributes of what they list."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import requests
from urllib3.exceptions import NameResolutionError

Json = dict[str, Any]

TIME_FILTER = re.compile(r"filter\[(\w+)\]\[gte?\]")


def read_document(source: str) -> Json:
    """Load the document from a file or an http(s) URL.

    Raises:
        ValueError: where it can't be read or is no OpenAPI document.
    """
    try:
        if source.startswith(("http://", "https://")):
            answer = requests.get(source, timeout=(10, 60))
            answer.raise_for_status()
            body = answer.content
        else:
            body = Path(source).read_bytes()
        document = msgspec.json.decode(body)
    except (OSError, ValueError, RecursionError) as error:
        why = _why(error, source)
        raise ValueError(f"No OpenAPI document could be read from {source}: {why}.") from error
    if isinstance(document, dict):
        found = cast("Json", document)
        if isinstance(found.get("paths"), dict):
            return found
    raise ValueError(f"{source} is JSON, but no OpenAPI document: it has no `paths`.")


def _why(error: Exception, source: str) -> str:
    """What kept a document from being read, for whoever named the source."""
    host = source.partition("://")[2].partition("/")[0].rpartition("@")[2]
    match error:
        case requests.HTTPError(response=requests.Response() as answer):
            return f"{host} answers {answer.status_code} {answer.reason or ''}".rstrip()
        case requests.exceptions.SSLError():
            return f"the certificate of {host} could not be verified"
        case requests.exceptions.ProxyError():
            return f"the proxy on the way to {host} does not let it through"
        case requests.Timeout():
            return f"{host} took too long to answer"
        case (
            requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError()
        ):
            return f"{host} cut the answer short"
        case requests.exceptions.InvalidURL():
            return "it is not a URL"
        case requests.ConnectionError():
            causes = (getattr(each, "reason", None) for each in error.args)
            if any(isinstance(cause, NameResolutionError) for cause in causes):
                return f"the host {host} is not known"
            return f"{host} can't be reached"
        case requests.RequestException():
            return f"the request failed ({type(error).__name__})"
        case OSError():
            return error.strerror or str(error)
        case _:
            return "it is not JSON"


class Operation:
    """One GET of the document."""

    def __init__(self, document: Json, path: str, get: Json) -> None:
        self.path = path
        self.deprecated = bool(get.get("deprecated"))
        self._document = document
        self._parameters = {
            parameter["name"]: parameter
            for parameter in map(self._resolve, get.get("parameters", []))
        }
        content: Json = get.get("responses", {}).get("200", {}).get("content", {})
        self.answer = next(
            (self._resolve(media.get("schema", {})) for media in content.values()), Json()
        )

    @property
    def is_list(self) -> bool:
        """Whether the answer's `data` is an array of records."""
        return self._resolve(self._property(self.answer, "data")).get("type") == "array"

    @property
    def has_meta(self) -> bool:
        """Whether every answer carries `meta`."""
        return "meta" in self.answer.get("required", ())

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the query and path parameters."""
        return frozenset(self._parameters)

    @property
    def path_parameters(self) -> list[str]:
        """Names of the path parameters, in the order of the path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def time_filters(self) -> tuple[str, ...]:
        """Attributes with `filter[<attribute>][gt]` or `[gte]`."""
        found = (TIME_FILTER.fullmatch(name) for name in self._parameters)
        return tuple(dict.fromkeys(match[1] for match in found if match))

    def choices(self, parameter: str) -> tuple[str, ...]:
        """The values that the document lists for a parameter; none where it lists none."""
        schema = self._parameters.get(parameter, {}).get("schema", {})
        return tuple(self._resolve(schema).get("enum", ()))

    @property
    def record_type(self) -> str:
        """The JSON:API type of the rows, or an empty text."""
        kinds = self._property(self._record, "type").get("enum", ())
        return str(kinds[0]) if kinds else ""

    def attributes_of(self, schema: str = "") -> dict[str, Json]:
        """The schema of each attribute of a row, references resolved one level deep.

        Args:
            schema: name of a schema of the document that says more of the attributes than the answer does.
        """
        named = {"$ref": f"#/components/schemas/{schema}"}
        found = self._members(named if schema else self._property(self._record, "attributes"))
        return {name: self._resolve(each) for name, each in found.items()}

    @property
    def _record(self) -> Json:
        data = self._resolve(self._property(self.answer, "data"))
        return self._resolve(data.get("items", Json()) if data.get("type") == "array" else data)

    def _property(self, schema: Json, name: str) -> Json:
        return self._resolve(self._members(schema).get(name, Json()))

    def _members(self, schema: Json) -> dict[str, Json]:
        schema = self._resolve(schema)
        found: dict[str, Json] = {}
        for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
            found.update(self._members(part))
        found.update(schema.get("properties", Json()))
        return found

    def _resolve(self, schema: Json) -> Json:
        met: set[str] = set()
        while "$ref" in schema:
            if schema["$ref"] in met:
                raise ValueError(f"The document's {schema['$ref']} refers to itself.")
            met.add(schema["$ref"])
            target: Any = self._document
            try:
                for step in schema["$ref"].removeprefix("#/").split("/"):
                    target = target[step]
            except (KeyError, TypeError) as error:
                raise ValueError(
                    f"The document refers to {schema['$ref']}, which it does not contain."
                ) from error
            schema = target
        return schema


def operations(document: Json) -> Iterator[Operation]:
    """Every GET operation of the document, in its order; path-level parameters included."""
    for path, methods in document["paths"].items():
        get = methods.get("get")
        if get is not None:
            shared = methods.get("parameters", [])
            yield Operation(
                document, path, {**get, "parameters": [*shared, *get.get("parameters", [])]}
            )
