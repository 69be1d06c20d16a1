{{ config(severity='warn', meta={
    'dagster': {'ref': {'name': 'stg_rootly__incidents'}},
    'description': 'Every value of an enumeration is one that Rootly documents; metrics may not know another.',
}) }}

-- One query looks at all columns: dbt takes longer to begin a test than this takes to run.
{%- set enumerations = {
    'stg_rootly__action_items': ['kind', 'priority', 'status'],
    'stg_rootly__alert_events': ['event_kind', 'action'],
    'stg_rootly__alerts': ['noise', 'status', 'notification_target_type'],
    'stg_rootly__audits': ['item_type'],
    'stg_rootly__form_fields': ['field_kind'],
    'stg_rootly__heartbeats': ['interval_unit', 'notification_target_type', 'status'],
    'stg_rootly__incident_status_page_events': ['status'],
    'stg_rootly__incidents': ['retrospective_progress_status'],
    'stg_rootly__post_mortems': ['status'],
    'stg_rootly__retrospective_configurations': ['rule_kind'],
    'stg_rootly__severities': ['severity_level'],
    'stg_rootly__slas': ['entity_type', 'condition_match_type'],
    'stg_rootly__sub_statuses': ['parent_status'],
} %}

with found as (
    {% for model, columns in enumerations.items() %}
    {%- set first_model = loop.first %}
    {%- for column in columns %}
    {%- if not (first_model and loop.first) %}

    union all
    {% endif %}
    select
        '{{ model }}' as model_name,
        '{{ column }}' as column_name,
        {{ column }} as found_value,
        count(*) as row_count
    from {{ ref(model) }}
    where {{ column }} is not null
    group by {{ column }}
    {%- endfor %}
    {%- endfor %}

)

select found.*
from found
left join {{ ref('rootly_documented_values') }} as documented
    on
        found.model_name = documented.model_name
        and found.column_name = documented.column_name
        and found.found_value = documented.documented_value
where documented.documented_value is null
