"""The resource's settings are checked in plain words, and its secrets are never shown."""

import dagster as dg
import pytest

from rootly_assets.api import RootlyResource
from rootly_assets.api.personal_data import PersonalData, Treatment
from rootly_assets.errors import NotConfigured

from .conftest import TOKEN, Response, endpoint, numbered_page, row


@pytest.mark.parametrize("token", ["", "   "])
def test_no_token_is_one_clear_sentence(token):
    with pytest.raises(NotConfigured, match="set ROOTLY_API_TOKEN"):
        RootlyResource(token=token).client()


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "schlüssel"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(token):
    with pytest.raises(NotConfigured) as caught:
        RootlyResource(token=token).client()
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://api.rootly.com", "http://10.0.0.1:8000", "http://localhost.example.com"]
)
def test_the_token_is_never_sent_unencrypted(url):
    with pytest.raises(NotConfigured, match="https"):
        RootlyResource(token=TOKEN, base_url=url).client()


@pytest.mark.parametrize(
    "url", ["", "api.rootly.com", "ftp://x", "https://", "https://u:p@h", "https://h:x"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(NotConfigured, match="ROOTLY_API_URL"):
        RootlyResource(token=TOKEN, base_url=url).client()


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000",
        "http://127.0.0.1:1/",
        "http://[::1]:8000",
        "https://rootly.example/",
    ],
)
def test_this_machine_and_https_are_fine(url):
    client = RootlyResource(token=TOKEN, base_url=url).client()
    assert not client.settings.base_url.endswith("/")


def test_a_configuration_has_one_client_a_process():
    first, second = RootlyResource(token=TOKEN), RootlyResource(token=TOKEN)
    assert first.client() is second.client()
    assert first.client() is not RootlyResource(token=TOKEN, page_size=50).client()


def test_secrets_are_not_in_any_repr():
    resource = RootlyResource(token=TOKEN, salt="pepper-and-salt")
    client = resource.client()
    for shown in (resource, client, client.settings):
        for text in (repr(shown), str(shown)):
            assert TOKEN not in text
            assert "pepper" not in text


def test_every_setting_is_described():
    assert all(field.description for field in RootlyResource.model_fields.values())


def test_the_resource_works_in_dagster_and_its_token_is_not_in_the_events(serve, monkeypatch):
    server = serve(lambda r: Response(numbered_page([row(1)], r.query)))
    monkeypatch.setenv("ROOTLY_API_TOKEN", TOKEN)

    @dg.asset
    def things(context: dg.AssetExecutionContext, rootly: RootlyResource) -> None:
        context.log.info("read by %r of %r", rootly.client(), rootly)
        context.add_output_metadata({"pages": len(list(rootly.client().pages(endpoint())))})

    with dg.DagsterInstance.ephemeral() as instance:
        resource = RootlyResource(token=dg.EnvVar("ROOTLY_API_TOKEN"), base_url=server.url)
        result = dg.materialize([things], resources={"rootly": resource}, instance=instance)
        run = instance.get_run_by_id(result.run_id)
        logged = "".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert result.success
    assert server.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in logged
    assert TOKEN not in str(run.run_config)


def test_personal_data_is_one_word_or_one_by_kind():
    assert PersonalData.parse("names=keep,emails=keep,phones=drop") == PersonalData()
    assert PersonalData.parse("") == PersonalData()
    assert PersonalData.parse(" HASH ") == PersonalData(*[Treatment.HASH] * 3)
    assert PersonalData.parse("emails=hash") == PersonalData(emails=Treatment.HASH)


@pytest.mark.parametrize("text", ["hide", "names=hide", "faces=drop", "names", "names=keep,drop"])
def test_an_unknown_treatment_is_refused(text):
    with pytest.raises(NotConfigured, match="ROOTLY_PERSONAL_DATA is"):
        PersonalData.parse(text)


def test_hashes_need_a_salt():
    with pytest.raises(NotConfigured, match="set ROOTLY_HASH_SALT"):
        RootlyResource(token=TOKEN, personal_data="hash").client()
