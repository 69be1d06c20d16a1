"""Which endpoint a path belongs to."""

from dataclasses import dataclass

from rootly_assets.sandbox.lists import ENDPOINTS, ListEndpoint
from rootly_assets.sandbox.store import parameter_of


@dataclass(frozen=True, slots=True)
class ListRoute:
    """A path of a list."""

    endpoint: ListEndpoint


@dataclass(frozen=True, slots=True)
class SingleRoute:
    """A path of one resource; `endpoint` is a list that has it, for its includes."""

    type: str
    endpoint: ListEndpoint | None


Route = ListRoute | SingleRoute
_ALONE = {
    "/v1/edge_connectors/{edge_connector_id}/actions/{id}": "edge_connector_actions",
    "/v1/incident_retrospective_steps/{id}": "incident_retrospective_steps",
}
PARENT_TYPES = {parameter_of(endpoint.type): endpoint.type for endpoint in ENDPOINTS}


class Router:
    """Finds routes by path."""

    def __init__(self) -> None:
        self._fixed: dict[str, Route] = {}
        self._templates: dict[int, list[tuple[list[str], Route]]] = {}
        for endpoint in ENDPOINTS:
            self._add(endpoint.path, ListRoute(endpoint))
            if endpoint.single:
                self._add(endpoint.single, SingleRoute(endpoint.type, endpoint))
        for template, type_ in _ALONE.items():
            self._add(template, SingleRoute(type_, None))

    def _add(self, template: str, route: Route) -> None:
        if "{" not in template:
            self._fixed[template] = route
        else:
            segments = template.split("/")
            self._templates.setdefault(len(segments), []).append((segments, route))

    def find(self, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a path with its parameters, None if there is none."""
        if fixed := self._fixed.get(path):
            return fixed, {}
        segments = path.split("/")
        for template, route in self._templates.get(len(segments), ()):
            parameters: dict[str, str] = {}
            for part, segment in zip(template, segments, strict=True):
                if part.startswith("{"):
                    parameters[part[1:-1]] = segment
                elif part != segment:
                    break
            else:
                return route, parameters
        return None
