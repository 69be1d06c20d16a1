"""Lists of incidents, what belongs to them, and their retrospectives."""

from rootly_assets.sandbox.lists.endpoint import BY_NAME, BY_POSITION, ListEndpoint, Paging, names

ENDPOINTS = (
    ListEndpoint(
        "/v1/causes",
        "causes",
        single="/v1/causes/{id}",
        times=names("created_at"),
        filters=names("search slug name"),
        operators=names("slug name"),
    ),
    ListEndpoint(
        "/v1/incidents/{incident_id}/action_items",
        "incident_action_items",
        single="/v1/action_items/{id}",
    ),
    ListEndpoint(
        "/v1/action_items",
        "incident_action_items",
        sorts=BY_NAME,
        times=names("incident_created_at due_date created_at"),
        filters=names("kind priority status incident_status"),
        operators=names("kind priority status incident_status"),
    ),
    ListEndpoint(
        "/v1/incidents/{incident_id}/custom_field_selections",
        "incident_custom_field_selections",
        single="/v1/incident_custom_field_selections/{id}",
    ),
    ListEndpoint(
        "/v1/events/{incident_event_id}/functionalities",
        "incident_event_functionalities",
        single="/v1/incident_event_functionalities/{id}",
    ),
    ListEndpoint(
        "/v1/events/{incident_event_id}/services",
        "incident_event_services",
        single="/v1/incident_event_services/{id}",
    ),
    ListEndpoint("/v1/incidents/{incident_id}/events", "incident_events", single="/v1/events/{id}"),
    ListEndpoint(
        "/v1/incidents/{incident_id}/feedbacks", "incident_feedbacks", single="/v1/feedbacks/{id}"
    ),
    ListEndpoint(
        "/v1/incidents/{incident_id}/form_field_selections",
        "incident_form_field_selections",
        single="/v1/incident_form_field_selections/{id}",
    ),
    ListEndpoint(
        "/v1/incident_permission_sets/{incident_permission_set_id}/booleans",
        "incident_permission_set_booleans",
        single="/v1/incident_permission_set_booleans/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("kind"),
    ),
    ListEndpoint(
        "/v1/incident_permission_sets/{incident_permission_set_id}/resources",
        "incident_permission_set_resources",
        single="/v1/incident_permission_set_resources/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("kind"),
    ),
    ListEndpoint(
        "/v1/incident_permission_sets",
        "incident_permission_sets",
        single="/v1/incident_permission_sets/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search slug name"),
    ),
    ListEndpoint(
        "/v1/post_mortems",
        "incident_post_mortems",
        single="/v1/post_mortems/{id}",
        sorts=BY_NAME,
        times=names("created_at started_at mitigated_at resolved_at"),
        filters=names(
            "search status severity type user_id types type_ids environments "
            "environment_ids functionalities functionality_ids services service_ids teams "
            "team_ids causes cause_ids"
        ),
    ),
    ListEndpoint(
        "/v1/incident_roles/{incident_role_id}/incident_role_tasks",
        "incident_role_tasks",
        single="/v1/incident_role_tasks/{id}",
    ),
    ListEndpoint(
        "/v1/incident_roles",
        "incident_roles",
        single="/v1/incident_roles/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search slug name enabled"),
        operators=names("slug name enabled"),
    ),
    ListEndpoint(
        "/v1/incidents/{incident_id}/status-page-events",
        "incident_status_page_events",
        single="/v1/status-page-events/{id}",
    ),
    ListEndpoint(
        "/v1/incidents/{incident_id}/sub_statuses",
        "incident_sub_statuses",
        single="/v1/incident_sub_statuses/{id}",
        sorts=names("created_at updated_at assigned_at"),
        times=names("assigned_at"),
        filters=names("sub_status_id"),
        includes=names("sub_status assigned_by_user"),
    ),
    ListEndpoint(
        "/v1/incident_types",
        "incident_types",
        single="/v1/incident_types/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("slug name color"),
        operators=names("slug name color"),
    ),
    ListEndpoint(
        "/v1/incidents",
        "incidents",
        single="/v1/incidents/{id}",
        paging=Paging.CURSOR,
        sorts=names("created_at updated_at started_at in_triage_at mitigated_at resolved_at"),
        times=names(
            "created_at updated_at started_at detected_at acknowledged_at mitigated_at "
            "resolved_at closed_at in_triage_at"
        ),
        filters=names(
            "search kind status private user_id severity severity_id labels types "
            "type_ids environments environment_ids functionalities functionality_ids "
            "functionality_names services service_ids service_names teams team_ids "
            "team_names cause cause_ids custom_field_selected_option_ids slack_channel_id "
            "sequential_id"
        ),
        operators=names(
            "kind status private user_id severity severity_id labels zendesk_ticket_id "
            "sequential_id types type_ids environments environment_ids services "
            "service_ids service_names functionalities functionality_ids "
            "functionality_names causes cause_ids teams team_ids team_names"
        ),
        includes=names(
            "sub_statuses causes subscribers roles slack_messages environments "
            "incident_types services functionalities groups events action_items "
            "custom_field_selections feedbacks incident_post_mortem alerts"
        ),
    ),
    ListEndpoint(
        "/v1/incidents/{incident_id}/meeting_recordings",
        "meeting_recordings",
        single="/v1/meeting_recordings/{id}",
        links=False,
    ),
    ListEndpoint("/v1/meeting_recordings", "meeting_recordings", paging=Paging.NONE, links=False),
    ListEndpoint(
        "/v1/playbooks/{playbook_id}/playbook_tasks",
        "playbook_tasks",
        single="/v1/playbook_tasks/{id}",
    ),
    ListEndpoint(
        "/v1/playbooks",
        "playbooks",
        single="/v1/playbooks/{id}",
        includes=names(
            "severities environments services functionalities groups causes incident_types"
        ),
    ),
    ListEndpoint(
        "/v1/post_mortem_templates",
        "post_mortem_templates",
        single="/v1/post_mortem_templates/{id}",
    ),
    ListEndpoint(
        "/v1/retrospective_configurations",
        "retrospective_configurations",
        single="/v1/retrospective_configurations/{id}",
        links=False,
        meta=False,
        filters=names("kind"),
        includes=names("severities groups incident_types"),
    ),
    ListEndpoint(
        "/v1/retrospective_process_groups/{retrospective_process_group_id}/steps",
        "retrospective_process_group_steps",
        single="/v1/retrospective_process_group_steps/{id}",
        times=names("created_at"),
        filters=names("retrospective_step_id"),
    ),
    ListEndpoint(
        "/v1/retrospective_processes/{retrospective_process_id}/groups",
        "retrospective_process_groups",
        single="/v1/retrospective_process_groups/{id}",
        sorts=BY_POSITION,
        times=names("created_at"),
        filters=names("sub_status_id"),
        includes=names("retrospective_process_group_steps"),
    ),
    ListEndpoint(
        "/v1/retrospective_processes",
        "retrospective_processes",
        single="/v1/retrospective_processes/{id}",
        includes=names("retrospective_steps severities incident_types groups"),
    ),
    ListEndpoint(
        "/v1/retrospective_processes/{retrospective_process_id}/retrospective_steps",
        "retrospective_steps",
        single="/v1/retrospective_steps/{id}",
        sorts=BY_NAME,
    ),
    ListEndpoint(
        "/v1/severities",
        "severities",
        single="/v1/severities/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search slug name severity color"),
        operators=names("slug name severity color"),
    ),
    ListEndpoint(
        "/v1/statuses",
        "statuses",
        single="/v1/statuses/{id}",
        times=names("created_at"),
        filters=names("slug name enabled"),
    ),
    ListEndpoint(
        "/v1/sub_statuses",
        "sub_statuses",
        single="/v1/sub_statuses/{id}",
        times=names("created_at"),
        filters=names("slug name parent_status"),
    ),
)
