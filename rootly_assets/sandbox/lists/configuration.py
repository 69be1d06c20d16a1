"""Lists of forms, workflows, dashboards and agreements."""

from rootly_assets.sandbox.lists.endpoint import BY_NAME, BY_POSITION, ListEndpoint, names

ENDPOINTS = (
    ListEndpoint(
        "/v1/custom_fields/{custom_field_id}/options",
        "custom_field_options",
        single="/v1/custom_field_options/{id}",
        filters=names("value color"),
    ),
    ListEndpoint(
        "/v1/custom_fields",
        "custom_fields",
        single="/v1/custom_fields/{id}",
        sorts=BY_POSITION,
        times=names("created_at"),
        filters=names("slug label kind enabled"),
        operators=names("slug label kind enabled"),
        includes=names("options"),
    ),
    ListEndpoint(
        "/v1/custom_forms",
        "custom_forms",
        single="/v1/custom_forms/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name slug command"),
    ),
    ListEndpoint(
        "/v1/dashboards/{dashboard_id}/panels",
        "dashboard_panels",
        single="/v1/dashboard_panels/{id}",
    ),
    ListEndpoint(
        "/v1/dashboards", "dashboards", single="/v1/dashboards/{id}", includes=names("panels")
    ),
    ListEndpoint(
        "/v1/form_fields/{form_field_id}/options",
        "form_field_options",
        single="/v1/form_field_options/{id}",
        filters=names("value color"),
    ),
    ListEndpoint(
        "/v1/form_field_placements/{form_field_placement_id}/conditions",
        "form_field_placement_conditions",
        single="/v1/form_field_placement_conditions/{id}",
        filters=names("form_field_id"),
    ),
    ListEndpoint(
        "/v1/form_fields/{form_field_id}/placements",
        "form_field_placements",
        single="/v1/form_field_placements/{id}",
        filters=names("form_field_id"),
    ),
    ListEndpoint(
        "/v1/form_fields/{form_field_id}/positions",
        "form_field_positions",
        single="/v1/form_field_positions/{id}",
        filters=names("form"),
    ),
    ListEndpoint(
        "/v1/form_fields",
        "form_fields",
        single="/v1/form_fields/{id}",
        times=names("created_at"),
        filters=names("search slug name kind enabled"),
        operators=names("slug name kind enabled"),
        includes=names("options positions"),
    ),
    ListEndpoint(
        "/v1/form_sets/{form_set_id}/conditions",
        "form_set_conditions",
        single="/v1/form_set_conditions/{id}",
        filters=names("form_field_id"),
    ),
    ListEndpoint(
        "/v1/form_sets",
        "form_sets",
        single="/v1/form_sets/{id}",
        times=names("created_at"),
        filters=names("slug is_default"),
    ),
    ListEndpoint(
        "/v1/workflows/{workflow_id}/workflow_tasks",
        "workflow_tasks",
        single="/v1/workflow_tasks/{id}",
        filters=names("search name slug"),
        operators=names("name slug"),
    ),
    ListEndpoint(
        "/v1/workflows/{workflow_id}/action_item_form_field_conditions",
        "workflow_action_item_form_field_conditions",
        single="/v1/workflow_action_item_form_field_conditions/{id}",
    ),
    ListEndpoint(
        "/v1/workflows/{workflow_id}/custom_field_selections",
        "workflow_custom_field_selections",
        single="/v1/workflow_custom_field_selections/{id}",
    ),
    ListEndpoint(
        "/v1/workflows/{workflow_id}/form_field_conditions",
        "workflow_form_field_conditions",
        single="/v1/workflow_form_field_conditions/{id}",
    ),
    ListEndpoint(
        "/v1/workflow_groups",
        "workflow_groups",
        single="/v1/workflow_groups/{id}",
        filters=names("search name slug kind expanded position"),
    ),
    ListEndpoint(
        "/v1/workflows/{workflow_id}/workflow_runs",
        "workflow_runs",
        times=names("created_at"),
        includes=names("genius_task_runs"),
    ),
    ListEndpoint(
        "/v1/workflows",
        "workflows",
        single="/v1/workflows/{id}",
        sorts=BY_POSITION,
        times=names("created_at"),
        filters=names("search name slug"),
        operators=names("slug name"),
        includes=names(
            "form_field_conditions alert_field_conditions genius_tasks genius_workflow_runs"
        ),
    ),
    ListEndpoint(
        "/v1/slas",
        "slas",
        single="/v1/slas/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search slug name"),
        operators=names("slug name"),
    ),
)
