"""A cloud that does not answer, or wants to know who is asking, is one clear sentence within seconds."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from rootly_assets.warehouse.cloud.bigquery import BigQueryWarehouse
from rootly_assets.warehouse.cloud.databricks import DatabricksWarehouse
from rootly_assets.warehouse.errors import WarehouseError


def databricks(host: str) -> DatabricksWarehouse:
    return DatabricksWarehouse(host=host, http_path="/sql/1.0/warehouses/1", token="hunter2")


@pytest.fixture
def without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")


@pytest.mark.usefixtures("without_proxy")
@pytest.mark.timeout(60)  # its own client tries for a quarter of an hour
@pytest.mark.parametrize("host", ["databricks.invalid", "https://127.0.0.1:1/", "no host"])
def test_a_workspace_of_databricks_that_is_not_there_is_said_at_once(host: str) -> None:
    with pytest.raises(WarehouseError) as caught:
        databricks(host).states()
    said = str(caught.value)
    place = host.removeprefix("https://").rstrip("/")
    assert said.startswith(f"Databricks at {place}/main can't be reached: ")
    assert "Check DATABRICKS_HOST, DATABRICKS_HTTP_PATH, DATABRICKS_TOKEN" in said
    assert "hunter2" not in said


@contextlib.contextmanager
def answering_404(authority: trustme.CA) -> Iterator[str]:
    """A server of one answer, with a certificate of the authority's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            accepted, _ = listening.accept()
            with (
                contextlib.suppress(OSError),
                context.wrap_socket(accepted, server_side=True) as asked,
            ):
                asked.recv(4096)
                asked.sendall(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        thread.join(timeout=10)


@pytest.mark.usefixtures("without_proxy")
@pytest.mark.parametrize("known", [True, False], ids=["a known certificate", "another"])
def test_one_that_answers_whatever_it_says_is_left_to_its_client(
    known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    if known:
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with answering_404(authority) as host:
        assert databricks(host).obstacle() is None


@pytest.fixture
def nobody_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a key, nor a login of gcloud's, nor a machine of Google's."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


@pytest.mark.usefixtures("nobody_logged_in")
def test_bigquery_without_credentials_says_how_to_give_some() -> None:
    with pytest.raises(WarehouseError) as caught:
        BigQueryWarehouse(project="analytics").states()
    assert str(caught.value) == (
        "BigQuery at analytics can't be reached without credentials: let GOOGLE_APPLICATION_CREDENTIALS name "
        "the file of a service account's key, or log in with `gcloud auth application-default login`."
    )


@pytest.mark.usefixtures("nobody_logged_in")
def test_and_names_a_file_that_is_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in (("missing.json", None), ("other.json", '{"private_key": "hunter2"}')):
        if content is not None:
            (tmp_path / name).write_text(content)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / name))
        said = BigQueryWarehouse(project="analytics").obstacle()
        assert said is not None
        assert name in said
        assert "hunter2" not in said
        assert "\n" not in said
