"""Where the workspace keeps its records: by type and id, by parent, each type with a version."""

from rootly_assets.sandbox.record import Record


class Store:
    """Records by type in order of creation, and by parent. Not locked: the workspace does that."""

    def __init__(self) -> None:
        self._types: dict[str, dict[str, Record]] = {}
        self._children: dict[tuple[str, str, str], dict[str, Record]] = {}
        self._versions: dict[str, int] = {}

    def add(self, record: Record) -> None:
        """Keep a new record; ValueError if its type already has one with that id."""
        of_type = self._types.setdefault(record.type, {})
        if record.id in of_type:
            raise ValueError(f"{record.type} {record.id} is in the workspace already")
        of_type[record.id] = record
        for parameter, parent in record.parents.items():
            self._children.setdefault((record.type, parameter, parent), {})[record.id] = record
        self.touch(record.type)

    def remove(self, type_: str, id_: str, /) -> list[Record]:
        """Remove a record and everything nested below it; KeyError if it is not there."""
        record = self._types[type_].pop(id_)
        self.touch(type_)
        removed = [record]
        for parameter, parent in record.parents.items():
            self._children.get((type_, parameter, parent), {}).pop(id_, None)
        parameter = parameter_of(type_)
        nested = [key for key in self._children if key[1] == parameter and key[2] == id_]
        for key in nested:
            for child in list(self._children.pop(key).values()):
                removed += self.remove(child.type, child.id)
        return removed

    def get(self, type_: str, id_: str, /) -> Record | None:
        """The record, or None."""
        return self._types.get(type_, {}).get(id_)

    def of_type(self, type_: str) -> list[Record]:
        """All records of a type in order of creation."""
        return list(self._types.get(type_, {}).values())

    def of_parent(self, type_: str, parameter: str, parent: str) -> list[Record]:
        """The records of a type nested below a parent, in order of creation."""
        return list(self._children.get((type_, parameter, parent), {}).values())

    def types(self) -> list[str]:
        """The types that have records."""
        return [type_ for type_, records in self._types.items() if records]

    def touch(self, type_: str) -> None:
        """Count a change to a type, so that what was computed from it is computed anew."""
        self._versions[type_] = self._versions.get(type_, 0) + 1

    def version(self, type_: str) -> int:
        """How many changes a type has seen."""
        return self._versions.get(type_, 0)


_PARAMETERS = {
    "groups": "team_id",
    "webhooks_endpoints": "endpoint_id",
    "escalation_paths": "escalation_policy_path_id",
    "retrospective_processes": "retrospective_process_id",
    "status_pages": "status_page_id",
}


def parameter_of(type_: str) -> str:
    """The path parameter that names a record of a type in nested paths: `incident_id`."""
    if type_ in _PARAMETERS:
        return _PARAMETERS[type_]
    singular = f"{type_[:-3]}y" if type_.endswith("ies") else type_.removesuffix("s")
    return f"{singular}_id"
