"""Who is let in, and how the API says no."""

import pytest
import requests

from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets_tests.sandbox.client import Client

MEDIA_TYPE = "application/vnd.api+json"


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", "Basic sandbox-token", "sandbox-token"]
)
def test_without_the_right_token_nothing_is_read(
    read_only_server: Server, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = requests.get(f"{read_only_server.url}/v1/incidents", headers=headers, timeout=5)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    (error,) = answer.json()["errors"]
    assert (error["title"], error["status"]) == ("Unauthorized", "401")


def test_answers_are_json_api(client: Client) -> None:
    answer = client.get("/v1/services")
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    row = answer.json()["data"][0]
    assert row.keys() == {"id", "type", "attributes"}
    assert row["type"] == "services"


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/nothing", "/v1/incidents/none", "/v1/incidents/none/events"]
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["status"] == "404"


def test_a_tenant_with_advanced_routing_may_not_read_routing_rules(client: Client) -> None:
    assert client.get("/v1/alert_routing_rules").status_code == 403
    assert client.get("/v1/alert_routes").status_code == 200


def test_secrets_are_never_served(workspace: Workspace) -> None:
    with serve(workspace, forbidden=set()) as server:
        assert Client(server).get("/v1/secrets").status_code == 403
        assert Client(server).get("/v1/alert_routing_rules").status_code == 200


def test_any_path_can_be_forbidden(workspace: Workspace) -> None:
    with serve(workspace, forbidden={"/v1/incidents"}) as server:
        client = Client(server)
        assert client.get("/v1/incidents").json()["errors"][0]["status"] == "403"
        assert client.get("/v1/alerts").status_code == 200


def test_a_key_can_be_checked_by_asking_who_one_is(client: Client, workspace: Workspace) -> None:
    me = client.get("/v1/users/me").json()["data"]
    assert me["id"] == workspace.records("users")[0].id


def test_ip_ranges_are_an_object(client: Client) -> None:
    data = client.get("/v1/ip_ranges").json()["data"]
    assert data["type"] == "ip_ranges"
    assert data["attributes"]["webhooks_ipv4"]


def test_head_is_get_without_a_body(client: Client) -> None:
    answer = client.head("/v1/incidents")
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["Content-Length"]) > 1000


def test_nothing_can_be_written(read_only_server: Server) -> None:
    headers = {"Authorization": f"Bearer {read_only_server.token}"}
    url = f"{read_only_server.url}/v1/incidents"
    assert requests.post(url, headers=headers, json={}, timeout=5).status_code == 405
