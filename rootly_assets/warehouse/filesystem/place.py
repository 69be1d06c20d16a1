"""Where the files are, and how they are named; dbt, the loader and readers ask here alike."""

import os
from pathlib import Path

from rootly_assets.errors import NotConfigured
from rootly_assets.settings import database_path
from rootly_assets.warehouse.filesystem.formats import FORMATS, NOT_SERVED
from rootly_assets.warehouse.object_store import CREDENTIALS, S3, kind_of


def bucket_url() -> str:
    """`ROOTLY_BUCKET_URL`: a folder, or a bucket with or without a prefix (`s3://bucket/rootly-data`).

    Raises:
        NotConfigured: nobody here knows such buckets.
    """
    named = os.environ.get("ROOTLY_BUCKET_URL", "").removeprefix("file://")
    if "://" in named and kind_of(named) is None:
        raise NotConfigured(
            f"ROOTLY_BUCKET_URL is {named!r}, but should be a folder, or begin with one of "
            f"{', '.join(CREDENTIALS)}."
        )
    return named.rstrip("/") if "://" in named else str(Path(named).absolute())


def table_format() -> str:
    """`ROOTLY_TABLE_FORMAT`: what a raw table is; a Parquet file by default.

    Raises:
        NotConfigured: there is no such format, or not in such a bucket.
    """
    name = os.environ.get("ROOTLY_TABLE_FORMAT") or "parquet"
    if name not in FORMATS:
        raise NotConfigured(
            f"ROOTLY_TABLE_FORMAT is {name!r}, but should be one of {', '.join(FORMATS)}."
        )
    if (name, kind := kind_of(bucket_url())) in NOT_SERVED:
        raise NotConfigured(
            f"ROOTLY_TABLE_FORMAT is {name}, which is not served on {kind}: set it to parquet."
        )
    return name


# How the address of a catalog begins: in a SQL database, or a server of its own.
_SQL = ("sqlite:", "postgresql:", "postgresql+")
_REST = ("http:", "https:")


def named_catalog() -> str | None:
    """`ROOTLY_ICEBERG_CATALOG`: the address of Iceberg's catalog, if there is one.

    Raises:
        NotConfigured: nobody here knows such catalogs, or not with such a bucket.
    """
    named = os.environ.get("ROOTLY_ICEBERG_CATALOG")
    if named and not named.startswith((*_SQL, *_REST)):
        # Not shown: it may hold a password.
        raise NotConfigured(
            "ROOTLY_ICEBERG_CATALOG should be the address of a SQL database, like sqlite:////whole/path.db or "
            "postgresql://user@host/database, or of a REST catalog (https://…)."
        )
    if named and is_rest(named) and kind_of(bucket_url()) != S3:
        raise NotConfigured(
            "ROOTLY_ICEBERG_CATALOG is a REST catalog, whose tables are read from S3: let ROOTLY_BUCKET_URL be "
            f"a bucket there ({S3}bucket/prefix). It holds how far each table was read."
        )
    return named or None


def is_rest(catalog: str) -> bool:
    """Whether a catalog is a server that speaks Iceberg's REST protocol, and places its tables itself."""
    return catalog.startswith(_REST)


def models_path() -> Path:
    """The DuckDB file with dbt's models, and views of the files: beside what would be the warehouse."""
    return database_path().parent / "models.duckdb"
