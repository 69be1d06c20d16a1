"""A small OpenAPI document in the vendor's manner, written by hand: each list shows one thing."""

from typing import Any

Json = dict[str, Any]


def query(name: str, *values: str) -> Json:
    schema: Json = {"type": "string"}
    if values:
        schema["enum"] = list(values)
    return {"name": name, "in": "query", "schema": schema}


NUMBERED = [query("page[number]"), query("page[size]")]
CURSOR = [*NUMBERED, query("page[after]")]


def attributes(**schemas: Json) -> Json:
    return {"type": "object", "properties": schemas}


def record(kind: str, attributes: Json) -> Json:
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "type": {"type": "string", "enum": [kind]},
            "attributes": attributes,
        },
    }


def answer(record: Json, *, meta: bool = True) -> Json:
    properties: Json = {"data": {"type": "array", "items": record}, "meta": {"type": "object"}}
    required = ["data", "meta"] if meta else ["data"]
    return {"type": "object", "properties": properties, "required": required}


def get(schema: Json, *parameters: Json, **more: Any) -> Json:
    content = {"application/vnd.api+json": {"schema": schema}}
    return {
        "get": {"parameters": list(parameters), "responses": {"200": {"content": content}}, **more}
    }


def document(**more_paths: Json) -> Json:
    """The document; `more_paths` are added below /v1/."""
    text: Json = {"type": "string"}
    team = attributes(
        name=text,
        position={"type": "integer"},
        share={"type": "number"},
        on={"type": "boolean"},
        tags={"type": "array", "items": text},
        created_at=text,
        born={"type": "string", "format": "date"},
        seen={"type": "string", "format": "date-time"},
        owner={"$ref": "#/components/schemas/owner"},
        nickname={"$ref": "#/components/schemas/nickname"},
    )
    incident = {
        "allOf": [
            {"$ref": "#/components/schemas/stamps"},
            attributes(title=text, zoom_meeting_password=text),
        ]
    }
    task = attributes(id=text, title=text)
    return {
        "openapi": "3.0.1",
        "paths": {
            "/v1/teams": get(
                {"$ref": "#/components/schemas/team_list"},
                *NUMBERED,
                {"$ref": "#/components/parameters/sort"},
                query("filter[created_at][gt]"),
                query("filter[created_at][lt]"),
                query("filter[name]"),
            ),
            "/v1/teams/{id}": get(
                {"type": "object", "properties": {"data": record("teams", team)}}
            ),
            "/v1/incidents": get(
                answer(record("incidents", incident)),
                *CURSOR,
                query("include", "roles", "events"),
                query("filter[updated_at][gte]"),
            ),
            "/v1/workflows/{workflow_id}/workflow_tasks": {
                "parameters": [query("workflow_id"), *NUMBERED],
                **get(answer(record("workflow_tasks", task))),
            },
            "/v1/brand-new-things": get(
                answer(record("things", attributes(name=text)), meta=False)
            ),
            "/v1/old_things": get(answer(record("old", attributes(name=text))), deprecated=True),
            "/v1/things": {"post": {"responses": {}}},
            **{f"/v1/{path}": operation for path, operation in more_paths.items()},
        },
        "components": {
            "parameters": {"sort": query("sort", "created_at", "-created_at")},
            "schemas": {
                "team_list": answer({"$ref": "#/components/schemas/team"}),
                "team": record("teams", team),
                "owner": attributes(name=text),
                "nickname": text,
                "stamps": attributes(created_at=text, updated_at=text),
            },
        },
    }
