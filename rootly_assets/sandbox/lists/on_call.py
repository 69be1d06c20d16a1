"""Lists of schedules, shifts, escalation policies and how people are reached."""

from rootly_assets.sandbox.lists.endpoint import BY_NAME, ListEndpoint, Paging, names

ENDPOINTS = (
    ListEndpoint(
        "/v1/escalation_policies",
        "escalation_policies",
        single="/v1/escalation_policies/{id}",
        times=names("created_at"),
        filters=names("search name team_ids"),
        operators=names("name team_ids"),
        includes=names("escalation_policy_levels escalation_policy_paths groups services"),
    ),
    ListEndpoint(
        "/v1/escalation_policies/{escalation_policy_id}/escalation_levels",
        "escalation_levels",
        single="/v1/escalation_levels/{id}",
        typed=False,
    ),
    ListEndpoint(
        "/v1/escalation_paths/{escalation_policy_path_id}/escalation_levels",
        "escalation_levels",
        typed=False,
    ),
    ListEndpoint(
        "/v1/escalation_policies/{escalation_policy_id}/escalation_paths",
        "escalation_paths",
        single="/v1/escalation_paths/{id}",
        typed=False,
        filters=names("path_type"),
        includes=names("escalation_policy_levels"),
    ),
    ListEndpoint(
        "/v1/on_call_pay_reports",
        "on_call_pay_reports",
        single="/v1/on_call_pay_reports/{id}",
        times=names("created_at"),
        filters=names("status"),
    ),
    ListEndpoint(
        "/v1/on_call_roles",
        "on_call_roles",
        single="/v1/on_call_roles/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search slug name"),
    ),
    ListEndpoint(
        "/v1/schedules/{schedule_id}/on_call_shadows",
        "on_call_shadows",
        single="/v1/on_call_shadows/{id}",
    ),
    ListEndpoint(
        "/v1/oncalls",
        "on_call_resources",
        paging=Paging.NONE,
        links=False,
        meta=False,
        filters=names(
            "escalation_policy_ids schedule_ids user_ids service_ids group_ids notification_types"
        ),
        includes=names("user schedule escalation_policy"),
    ),
    ListEndpoint(
        "/v1/schedules/{schedule_id}/override_shifts",
        "shifts",
        single="/v1/override_shifts/{id}",
        lacks=names("is_shadow"),
        where=("is_override", True),
    ),
    ListEndpoint(
        "/v1/schedule_rotations/{schedule_rotation_id}/schedule_rotation_active_days",
        "schedule_rotation_active_days",
        single="/v1/schedule_rotation_active_days/{id}",
    ),
    ListEndpoint(
        "/v1/schedule_rotations/{schedule_rotation_id}/schedule_rotation_users",
        "schedule_rotation_users",
        single="/v1/schedule_rotation_users/{id}",
    ),
    ListEndpoint(
        "/v1/schedules/{schedule_id}/schedule_rotations",
        "schedule_rotations",
        single="/v1/schedule_rotations/{id}",
        sorts=BY_NAME,
    ),
    ListEndpoint(
        "/v1/schedules",
        "schedules",
        single="/v1/schedules/{id}",
        times=names("created_at"),
        filters=names("search name"),
        operators=names("name"),
    ),
    ListEndpoint(
        "/v1/schedules/{id}/shifts",
        "shifts",
        paging=Paging.NONE,
        links=False,
        lacks=names("created_at updated_at"),
    ),
    ListEndpoint(
        "/v1/schedules/{schedule_id}/shift_coverage_requests",
        "shift_coverage_requests",
        single="/v1/shift_coverage_requests/{id}",
        paging=Paging.NONE,
    ),
    ListEndpoint(
        "/v1/shifts",
        "shifts",
        max_size=1000,
        default_size=50,
        links=False,
        lacks=names("created_at updated_at"),
        includes=names("shift_override user assignee shift_shadow"),
    ),
    ListEndpoint(
        "/v1/users/{user_id}/email_addresses",
        "user_email_addresses",
        single="/v1/email_addresses/{id}",
        paging=Paging.NONE,
    ),
    ListEndpoint(
        "/v1/users/{user_id}/notification_rules",
        "user_notification_rules",
        single="/v1/notification_rules/{id}",
        sorts=BY_NAME,
    ),
    ListEndpoint(
        "/v1/users/{user_id}/phone_numbers",
        "user_phone_numbers",
        single="/v1/phone_numbers/{id}",
        paging=Paging.NONE,
    ),
)
