"""Sets aside what no column can hold, record by record, before DuckDB reads a landing file.

Ordinary files never come here. It is for attributes whose names can't be columns, and for records that are
not shaped like records: their odd parts move to a member `_odd`, from where they reach `_rescued`. Of a member
given twice the last one counts, as nearly everywhere.
"""

from collections.abc import Collection
from pathlib import Path

import msgspec

from rootly_assets.sync.errors import landing_file_failed

ODD = "_odd"

Members = dict[str, msgspec.Raw]

_members = msgspec.json.Decoder(Members)


def tidy(path: Path, *, columns: Collection[str], ignored: Collection[str]) -> None:
    """Rewrite a landing file in place; once more changes nothing.

    Args:
        path: the landing file.
        columns: attributes that have a column.
        ignored: attributes that are neither stored nor rescued.

    Raises:
        SyncError: where the disk takes no more.
    """
    homes = {*columns, *ignored}
    tidied = path.with_suffix(".tidied")
    try:
        with path.open("rb") as lines, tidied.open("wb") as file:
            file.writelines(_tidied(line, homes) for line in lines)
        tidied.replace(path)
    except OSError as error:
        tidied.unlink(missing_ok=True)
        raise landing_file_failed(path, error) from error


def _tidied(line: bytes, homes: Collection[str]) -> bytes:
    text = line.strip()
    record = _object(text)
    if record is None:
        return msgspec.json.encode({ODD: {"record": msgspec.Raw(text)}}) + b"\n"
    odd = _object(record.pop(ODD, b"{}")) or Members()
    raw = record.pop("attributes", msgspec.Raw(b"null"))
    attributes = _object(raw)
    if attributes is not None:
        odd |= {name: value for name, value in attributes.items() if name not in homes}
        record["attributes"] = _encoded(
            {name: value for name, value in attributes.items() if name in homes}
        )
    elif bytes(raw) != b"null":
        odd["attributes"] = raw
    odd = {name: value for name, value in odd.items() if bytes(value) != b"null"}
    if odd:
        record[ODD] = _encoded(odd)
    return msgspec.json.encode(record) + b"\n"


def _object(text: bytes | msgspec.Raw) -> Members | None:
    """The members of a JSON object, of those given twice the last; None for anything else."""
    try:
        return _members.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


def _encoded(members: Members) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(members))
