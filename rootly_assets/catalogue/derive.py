"""Derives the catalogue from the vendor's OpenAPI document: its facts, with our rulings where it is silent."""

from collections.abc import Iterator, Sequence

from rootly_assets.catalogue import rulings
from rootly_assets.catalogue.endpoint import (
    ColumnType,
    Endpoint,
    Pages,
    PageStyle,
    Parent,
    Strategy,
)
from rootly_assets.catalogue.openapi import Json, Operation, operations

SCALARS = {
    "string": ColumnType.TEXT,
    "integer": ColumnType.INTEGER,
    "number": ColumnType.NUMBER,
    "boolean": ColumnType.BOOLEAN,
}


def derive(document: Json) -> list[Endpoint]:
    """All list endpoints of the document, sorted by domain, table and path.

    Raises:
        ValueError: where two lists that give different rows would share a table, the document refers to
            what it doesn't contain, or it describes no list at all.
    """
    found = list(operations(document))
    singles = [each for each in found if not each.is_list and each.path_parameters == ["id"]]
    endpoints = [_endpoint(operation, singles) for operation in found if _is_list(operation)]
    if not endpoints:
        raise ValueError("The document describes no list of records: is it Rootly's?")
    endpoints += [
        each
        for endpoint in endpoints
        for each in _along(endpoint)
        if each.relationship in endpoint.includes
    ]
    by_table: dict[str, Endpoint] = {}
    for endpoint in endpoints:
        if (
            endpoint.same_rows_as is None
            and (other := by_table.setdefault(endpoint.table, endpoint)) is not endpoint
        ):
            raise ValueError(
                f"{other.path} and {endpoint.path} would both become table {endpoint.table!r}: "
                "name one of them in catalogue/rulings.py, TABLES."
            )
    return sorted(endpoints, key=lambda endpoint: (endpoint.domain, endpoint.table, endpoint.path))


def _is_list(operation: Operation) -> bool:
    return (
        operation.path in rulings.UNDESCRIBED
        or operation.path in rulings.DETAILS
        or operation.is_list
    )


def _endpoint(operation: Operation, singles: Sequence[Operation]) -> Endpoint:
    table = _table(operation)
    parent = _parent(operation)
    secrets = rulings.SECRETS.get(table, ())
    return Endpoint(
        table=table,
        path=_path(operation),
        domain=_domain(operation.path),
        type=operation.record_type,
        strategy=rulings.STRATEGIES.get(table, Strategy.CHILDREN if parent else Strategy.WHOLE),
        pages=_pages(operation),
        parent=parent,
        sort="created_at" if _sorts_by_creation(operation) else None,
        time_filters=operation.time_filters,
        includes=operation.choices("include"),
        has_meta=operation.has_meta,
        description=rulings.DESCRIPTIONS.get(table) or _description(table, parent),
        secrets=secrets,
        relationship=rulings.INCLUDED.get(table),
        same_rows_as=rulings.SAME_ROWS.get(operation.path),
        follows_parent=table not in rulings.GROWING,
        single=_single(operation, parent, singles),
        keeps_vanished=table not in rulings.WITHOUT_HISTORY,
        deprecated=operation.deprecated,
        optional=operation.deprecated or table in rulings.LISTS_PER_EVENT,
        columns=dict(_columns(operation, secrets)),
        values=dict(_values(operation, secrets)),
    )


def _along(endpoint: Endpoint) -> Iterator[Endpoint]:
    """Tables that only the documented includes of a list fill: resources without a list, and links."""
    if endpoint.parent is not None:
        return
    for relationship, (table, columns) in rulings.ALONG.get(endpoint.table, {}).items():
        yield _coming(endpoint, relationship, table, columns)
    for relationship, (table, column) in rulings.LINKS.get(endpoint.table, {}).items():
        yield _coming(endpoint, relationship, table, {column: ColumnType.TEXT}, links_to=column)


def _coming(
    endpoint: Endpoint,
    relationship: str,
    table: str,
    columns: dict[str, ColumnType],
    links_to: str | None = None,
) -> Endpoint:
    """A table without a path of its own."""
    one, other = singular(endpoint.table), relationship.replace("_", " ")
    return Endpoint(
        table=table,
        path=f"{endpoint.path}?include={relationship}",
        domain=endpoint.domain,
        type="",
        strategy=Strategy.CHILDREN,
        pages=Pages(style=PageStyle.NONE),
        parent=Parent(table=endpoint.table, parameter=f"{one}_id"),
        has_meta=False,
        description=rulings.DESCRIPTIONS.get(table)
        or f"One row per {one} and each of its {other}.",
        relationship=relationship,
        links_to=links_to,
        columns=columns,
    )


def _domain(path: str) -> str:
    below = path.removeprefix("/v1/")
    return next(
        (domain for prefix, domain in rulings.DOMAINS if below.startswith(prefix)),
        rulings.DEFAULT_DOMAIN,
    )


def _path(operation: Operation) -> str:
    """As documented, but for single resources: `id` there is that of the record whose details they are."""
    parameter, _ = rulings.DETAILS.get(operation.path, ("id", ""))
    return operation.path.replace("{id}", f"{{{parameter}}}")


def _table(operation: Operation) -> str:
    """Top-level lists are named by their path, nested ones by their record type where there is one."""
    path = operation.path
    if path in rulings.TABLES:
        return rulings.TABLES[path]
    if operation.path_parameters and operation.record_type:
        return operation.record_type
    steps = path.removeprefix("/v1/").replace("-", "_").split("/")
    words = [step for step in steps if not step.startswith("{")]
    if len(words) < len(steps):
        words = [*map(singular, words[:-1]), words[-1]]
    if words[-1] == "properties":
        words[0] = singular(words[0])
    return "_".join(words)


def _parent(operation: Operation) -> Parent | None:
    if not operation.path_parameters:
        return None
    parameter, _ = rulings.DETAILS.get(operation.path, (operation.path_parameters[-1], ""))
    table = rulings.PARENTS.get(parameter, plural(parameter.removesuffix("_id")))
    return Parent(table=table, parameter=parameter)


def _single(
    operation: Operation, parent: Parent | None, singles: Sequence[Operation]
) -> str | None:
    """The path of one row of a nested list, where its answer says whose row it is."""
    if parent is None or operation.path in {*rulings.DETAILS, *rulings.SAME_ROWS}:
        return None
    kind = operation.record_type or operation.path.rpartition("/")[2]
    return next(
        (
            each.path
            for each in singles
            if each.record_type == kind
            and each.path.endswith("/{id}")
            and parent.parameter in each.attributes_of()
        ),
        None,
    )


def _pages(operation: Operation) -> Pages:
    size = rulings.PAGE_SIZES.get(operation.path, 100)
    if "page[after]" in operation.parameters:
        return Pages(style=PageStyle.CURSOR, max_size=size)
    if "page[number]" in operation.parameters:
        return Pages(style=PageStyle.NUMBERED, max_size=size)
    if "per_page" in operation.parameters:
        return Pages(style=PageStyle.PAGE_PER_PAGE, max_size=size)
    return Pages(style=PageStyle.NONE)


def _sorts_by_creation(operation: Operation) -> bool:
    """Whether `sort=created_at` may be sent: a documented `sort` that doesn't list values takes it too."""
    choices = operation.choices("sort")
    return "sort" in operation.parameters and (not choices or "created_at" in choices)


def _columns(operation: Operation, secrets: tuple[str, ...]) -> Iterator[tuple[str, ColumnType]]:
    for name, schema in _attributes(operation, secrets):
        yield name, _column_type(name, schema)


def _attributes(operation: Operation, secrets: tuple[str, ...]) -> Iterator[tuple[str, Json]]:
    _, detailed = rulings.DETAILS.get(operation.path, ("", ""))
    for name, schema in operation.attributes_of(detailed).items():
        if name not in secrets and name != "id":  # a few lists repeat the record's own id
            yield name, schema


def _values(
    operation: Operation, secrets: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of a second way to the same rows none: they are those of the first."""
    if operation.path in rulings.SAME_ROWS:
        return
    for name, schema in _attributes(operation, secrets):
        listed = schema.get("enum") or schema.get("items", Json()).get("enum") or ()
        values = sorted({each for each in listed if isinstance(each, str) and each})
        if 0 < len(values) <= rulings.MOST_VALUES:
            yield name, tuple(values)


def _column_type(name: str, schema: Json) -> ColumnType:
    kind = schema.get("type")
    if kind == "string":
        if schema.get("format") == "date" or name in rulings.DATES:
            return ColumnType.DATE
        if (
            schema.get("format") == "date-time"
            or name.endswith("_at")
            or name in rulings.TIMESTAMPS
        ):
            return ColumnType.TIMESTAMP
    return SCALARS.get(str(kind), ColumnType.JSON)


def _description(table: str, parent: Parent | None) -> str:
    thing = singular(table).replace("_", " ")
    of_parent = (
        f" of each of the {parent.table.replace('_', ' ')}" if parent and parent.table else ""
    )
    return f"One row per {thing}{of_parent}."


def singular(word: str) -> str:
    """The singular of a plural English table name: `policies` -> `policy`, `statuses` -> `status`."""
    for ending, replacement in (
        ("ies", "y"),
        ("sses", "ss"),
        ("uses", "us" if "cause" not in word else "use"),
    ):
        if word.endswith(ending):
            return word.removesuffix(ending) + replacement
    return word.removesuffix("s")


def plural(word: str) -> str:
    """The plural of a singular English name: `policy` -> `policies`, `status` -> `statuses`."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("s") else "s")
