"""No credential shows where a warehouse does: in a notebook's cell, a log line or an error."""

import pytest
from dagster._utils.error import serializable_error_info_from_exc_info

import rootly_assets
from rootly_assets.reader import Dataset
from rootly_assets.settings import DESTINATIONS
from rootly_assets.warehouse.destination import warehouse

SECRET = "hunter2"

# Nothing listens on port 1.
S3 = {
    "ROOTLY_BUCKET_URL": "s3://bucket",
    "AWS_ACCESS_KEY_ID": f"id of {SECRET}",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_SESSION_TOKEN": SECRET,
    "AWS_REGION": "eu-central-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
}
AZURE = {
    "ROOTLY_BUCKET_URL": "az://container",
    "AZURE_STORAGE_CONNECTION_STRING": f"AccountName=a;AccountKey={SECRET}=;BlobEndpoint=http://127.0.0.1:1/a",
}
ICEBERG = {
    **S3,
    "ROOTLY_TABLE_FORMAT": "iceberg",
    "ROOTLY_ICEBERG_CATALOG": f"postgresql://u:{SECRET}@127.0.0.1:1/d",
}
LAKE = f"postgres:dbname=lake host=127.0.0.1 port=1 user=tester password={SECRET}"

COMPLETE = [
    ("duckdb", {}),
    (
        "postgres",
        {
            "ROOTLY_POSTGRES_HOST": "127.0.0.1",
            "ROOTLY_POSTGRES_PORT": "1",
            "ROOTLY_POSTGRES_DATABASE": "analytics",
            "ROOTLY_POSTGRES_USER": "rootly",
            "ROOTLY_POSTGRES_PASSWORD": SECRET,
        },
    ),
    ("motherduck", {"MOTHERDUCK_TOKEN": SECRET, "motherduck_token": SECRET}),
    ("ducklake", {"ROOTLY_DUCKLAKE_CATALOG": LAKE}),
    ("ducklake", {**S3, "ROOTLY_DUCKLAKE_DATA": "s3://bucket/lake"}),
    ("filesystem", S3),
    ("filesystem", AZURE),
    ("filesystem", ICEBERG),
    (
        "snowflake",
        {
            "SNOWFLAKE_ACCOUNT": "org-account",
            "SNOWFLAKE_USER": "rootly",
            "SNOWFLAKE_PASSWORD": SECRET,
            "SNOWFLAKE_WAREHOUSE": "small",
            "SNOWFLAKE_DATABASE": "analytics",
        },
    ),
    ("bigquery", {"GOOGLE_CLOUD_PROJECT": "analytics"}),
    (
        "redshift",
        {
            "REDSHIFT_HOST": "cluster.example",
            "REDSHIFT_DATABASE": "analytics",
            "REDSHIFT_USER": "rootly",
            "REDSHIFT_PASSWORD": SECRET,
        },
    ),
    (
        "databricks",
        {
            "DATABRICKS_HOST": "workspace.example",
            "DATABRICKS_HTTP_PATH": "/sql/1.0/warehouses/1",
            "DATABRICKS_TOKEN": SECRET,
        },
    ),
]


def test_every_destination_is_looked_at() -> None:
    assert {name for name, _ in COMPLETE} == set(DESTINATIONS)


@pytest.fixture
def chosen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A destination with all its credentials, whether its packages are installed or not."""
    name, environment = request.param
    # Those too that we set ourselves, so that they are as before afterwards.
    for variable in ("motherduck_token", "ROOTLY_DUCKLAKE_CATALOG", "ROOTLY_DUCKLAKE_DATA"):
        monkeypatch.setenv(variable, "")
    for variable, value in {**environment, "ROOTLY_DESTINATION": name}.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr("rootly_assets.warehouse.destination.find_spec", lambda _: True)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return name


@pytest.mark.parametrize("chosen", COMPLETE, indirect=True, ids=lambda each: each[0])
def test_a_warehouse_and_what_is_read_from_it_show_no_credential(chosen: str) -> None:
    made = warehouse()
    dataset = rootly_assets.dataset()
    shown = [made, dataset, dataset.source, dataset.confined(), dataset.table("rootly.things")]
    for each in shown:
        assert SECRET not in repr(each), chosen
        assert SECRET not in str(each), chosen
    assert type(made).__name__ in repr(made)


@pytest.mark.parametrize(
    "chosen",
    # Of others the errors are looked at where a server says them.
    [each for each in COMPLETE if each[0] in ("postgres", "ducklake")] + [("filesystem", S3)],
    indirect=True,
    ids=lambda each: each[0],
)
def test_an_error_and_what_it_came_from_show_no_credential(chosen: str) -> None:
    for look in (Dataset().table("rootly.things").records, warehouse().states):
        with pytest.raises(Exception, match=r"\w") as caught:
            look()
        assert SECRET not in str(serializable_error_info_from_exc_info(caught._excinfo)), chosen
