"""Lists of alerts, their events and where they come from."""

from rootly_assets.sandbox.lists.endpoint import BY_NAME, ListEndpoint, Paging, names

ENDPOINTS = (
    ListEndpoint(
        "/v1/alerts/{alert_id}/events",
        "alert_events",
        single="/v1/alert_events/{id}",
        filters=names("kind action"),
    ),
    ListEndpoint(
        "/v1/alert_events",
        "alert_events",
        paging=Paging.CURSOR_ONLY,
        max_size=50,
        sorts=names("created_at"),
        times=names("created_at"),
        filters=names("kind action alert_id"),
    ),
    ListEndpoint(
        "/v1/alert_fields",
        "alert_fields",
        single="/v1/alert_fields/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name kind"),
        operators=names("name kind"),
    ),
    ListEndpoint(
        "/v1/alert_groups",
        "alert_groups",
        single="/v1/alert_groups/{id}",
        paging=Paging.NONE,
        links=False,
        meta=False,
        operators=names("slug name"),
    ),
    ListEndpoint(
        "/v1/alert_routes",
        "alert_routes",
        single="/v1/alert_routes/{id}",
        sorts=BY_NAME,
        filters=names("search name"),
        operators=names("slug name"),
    ),
    ListEndpoint(
        "/v1/alert_routing_rules",
        "alert_routing_rules",
        single="/v1/alert_routing_rules/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name"),
        operators=names("slug name"),
    ),
    ListEndpoint(
        "/v1/alert_urgencies",
        "alert_urgencies",
        single="/v1/alert_urgencies/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name"),
        operators=names("name"),
    ),
    ListEndpoint(
        "/v1/alert_sources",
        "alert_sources",
        single="/v1/alert_sources/{id}",
        sorts=BY_NAME,
        filters=names("search statuses source_types name enabled"),
    ),
    ListEndpoint(
        "/v1/incidents/{incident_id}/alerts",
        "alerts",
        single="/v1/alerts/{id}",
        paging=Paging.NONE,
        includes=names(
            "environments services groups functionalities responders incidents "
            "notified_users events alert_urgency heartbeat live_call_router alert_group "
            "group_leader_alert group_member_alerts alert_field_values alerting_targets "
            "escalation_policies alert_call_recording"
        ),
    ),
    ListEndpoint(
        "/v1/alerts",
        "alerts",
        paging=Paging.CURSOR,
        times=names("started_at ended_at created_at updated_at"),
        filters=names("status source services environments groups labels"),
        operators=names("status source services groups environments labels"),
        includes=names(
            "environments services groups functionalities responders incidents "
            "notified_users events alert_urgency heartbeat live_call_router alert_group "
            "group_leader_alert group_member_alerts alert_field_values alerting_targets "
            "escalation_policies alert_call_recording"
        ),
    ),
    ListEndpoint(
        "/v1/heartbeats",
        "heartbeats",
        single="/v1/heartbeats/{id}",
        times=names("created_at"),
        filters=names("search slug name"),
    ),
    ListEndpoint(
        "/v1/live_call_routers",
        "live_call_routers",
        single="/v1/live_call_routers/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name slug"),
    ),
    ListEndpoint(
        "/v1/pulses",
        "pulses",
        single="/v1/pulses/{id}",
        times=names("started_at ended_at created_at"),
        filters=names("source services environments labels refs"),
        operators=names("source services environments labels refs"),
    ),
)
