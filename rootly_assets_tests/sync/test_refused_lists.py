"""Answers that prove nothing about a list: its rows and its watermark stay as they were."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from rootly_assets.api import BrokenBody
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets_tests.sync.middleware import InItsPlace
from rootly_assets_tests.sync.project import Project, following

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
LISTS = [endpoint_of("incidents"), endpoint_of("services")]


class Trouble:
    """Says what some paths answer."""

    def __init__(self) -> None:
        self.answers: dict[str, Response] = {}

    def __call__(self, path: str, _: QueryParams) -> Response | None:
        return next((each for end, each in self.answers.items() if path.endswith(end)), None)


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
def project(tmp_path: Path, trouble: Trouble) -> Iterator[Project]:
    workspace = Workspace.build(incidents=30, now=NOW)
    middleware = [Middleware(InItsPlace, answer=trouble)]
    with (
        serve(workspace, requests_per_minute=60_000, middleware=middleware) as server,
        following(server, tmp_path, LISTS) as project,
    ):
        yield project


def test_a_list_whose_answer_lacks_its_meta_is_not_taken_for_complete(
    project: Project, trouble: Trouble
) -> None:
    project.sync(LISTS)
    services, watermark = project.ids("services"), project.warehouse.states()["incidents"].watermark
    assert services
    for each in LISTS:
        trouble.answers[each.path] = JSONResponse({"data": []})
    outcomes = project.sync(LISTS)
    for each in outcomes.values():
        assert each.status is Status.FAILED
        assert isinstance(each.error, BrokenBody)
    assert project.ids("services") == services
    assert project.warehouse.states()["incidents"].watermark == watermark
