"""Lists of people, permissions, communications and status pages."""

from rootly_assets.sandbox.lists.endpoint import BY_NAME, ListEndpoint, names

ENDPOINTS = (
    ListEndpoint(
        "/v1/api_keys",
        "api_keys",
        single="/v1/api_keys/{id}",
        sorts=BY_NAME,
        times=names("created_at expires_at last_used_at"),
        filters=names("kind search name user_id group_ids role_id active expired"),
    ),
    ListEndpoint(
        "/v1/audits",
        "audits",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("user_id api_key_id source item_type"),
        operators=names("user_id api_key_id source item_type"),
    ),
    ListEndpoint(
        "/v1/authorizations",
        "authorizations",
        single="/v1/authorizations/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("authorizable_id authorizable_type grantee_id grantee_type"),
    ),
    ListEndpoint(
        "/v1/communications/groups",
        "communications_groups",
        single="/v1/communications/groups/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name slug is_private communication_type_id condition_type"),
    ),
    ListEndpoint(
        "/v1/communications/stages",
        "communications_stages",
        single="/v1/communications/stages/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name slug"),
    ),
    ListEndpoint(
        "/v1/communications/templates",
        "communications_templates",
        single="/v1/communications/templates/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name slug communication_type_id"),
    ),
    ListEndpoint(
        "/v1/communications/types",
        "communications_types",
        single="/v1/communications/types/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name slug"),
    ),
    ListEndpoint(
        "/v1/roles",
        "roles",
        single="/v1/roles/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search slug name"),
    ),
    ListEndpoint("/v1/secrets", "secrets", single="/v1/secrets/{id}"),
    ListEndpoint(
        "/v1/status-pages/{status_page_id}/templates",
        "status_page_templates",
        single="/v1/templates/{id}",
    ),
    ListEndpoint(
        "/v1/status-pages",
        "status_pages",
        single="/v1/status-pages/{id}",
        sorts=BY_NAME,
        times=names("created_at"),
        filters=names("search name slug"),
        operators=names("name slug"),
    ),
    ListEndpoint(
        "/v1/users",
        "users",
        single="/v1/users/{id}",
        sorts=names("created_at updated_at"),
        times=names("created_at"),
        filters=names("search email"),
        includes=names(
            "email_addresses phone_numbers devices role on_call_role teams schedules "
            "notification_rules"
        ),
    ),
    ListEndpoint(
        "/v1/webhooks/endpoints/{endpoint_id}/deliveries",
        "webhooks_deliveries",
        single="/v1/webhooks/deliveries/{id}",
    ),
    ListEndpoint(
        "/v1/webhooks/endpoints",
        "webhooks_endpoints",
        single="/v1/webhooks/endpoints/{id}",
        filters=names("slug name"),
    ),
)
