"""A record that Rootly always fails to answer for is told once, however many tables it concerns."""

import pytest
from starlette.middleware import Middleware

from rootly_assets.sandbox import Workspace, serve
from rootly_assets_tests.sync.middleware import Failing
from rootly_assets_tests.system.command_line import command, environment, run
from rootly_assets_tests.system.refreshed import NOW

pytestmark = pytest.mark.slow


def test_it_is_told_once_and_makes_the_command_fail_until_it_is_answered(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("failing")
    failing = Failing()
    links = ("services", "environments", "causes", "teams", "functionalities")
    tables = ["incidents", *(f"incident_{each}" for each in links)]
    workspace = Workspace.build(incidents=20, now=NOW)
    poisoned = workspace.records("incidents")[5].id
    failing.included.add(poisoned)
    middleware = [Middleware(Failing.Before, failing=failing)]
    with serve(workspace, middleware=middleware) as server:
        variables = environment(folder, server)
        done = run(command("sync", *tables), folder, variables)
        assert done.status == 1
        (said,) = [line for line in done.lines if "check complete" in line]
        assert said.endswith("more failed")
        assert done.errors.count("did not say for certain") == 1
        assert poisoned in done.errors
        assert "incident_services: in doubt for the same reason as incident_" in done.errors
        failing.included.clear()
        assert run(command("sync", *tables), folder, variables).status == 0
