{{ config(severity='warn', meta={
    'dagster': {'ref': {'name': 'stg_rootly__incidents'}},
    'description': 'Every record that another names was read; one that was not is in no metric by its name.',
}) }}

-- Events of alerts are left out: their stream goes back to alerts that were deleted before the first read.
-- A list without a row says nothing: the key may not read it.
{%- set links = [
    ('alert_escalation_policies', 'alert_id', 'alerts'),
    ('alert_escalation_policies', 'escalation_policy_id', 'escalation_policies'),
    ('alert_notified_users', 'alert_id', 'alerts'),
    ('alert_notified_users', 'user_id', 'users'),
    ('alert_responders', 'alert_id', 'alerts'),
    ('alert_responders', 'user_id', 'users'),
    ('alert_services', 'alert_id', 'alerts'),
    ('alert_services', 'service_id', 'services'),
    ('alert_teams', 'alert_id', 'alerts'),
    ('alert_teams', 'team_id', 'teams'),
    ('dashboard_panels', 'dashboard_id', 'dashboards'),
    ('incident_action_items', 'action_item_id', 'action_items'),
    ('incident_action_items', 'incident_id', 'incidents'),
    ('incident_alerts', 'alert_id', 'alerts'),
    ('incident_alerts', 'incident_id', 'incidents'),
    ('incident_causes', 'cause_id', 'causes'),
    ('incident_causes', 'incident_id', 'incidents'),
    ('incident_form_field_selections', 'form_field_id', 'form_fields'),
    ('incident_form_field_selections', 'incident_id', 'incidents'),
    ('incident_post_mortems', 'incident_id', 'incidents'),
    ('incident_post_mortems', 'post_mortem_id', 'post_mortems'),
    ('incident_role_assignments', 'incident_id', 'incidents'),
    ('incident_role_assignments', 'incident_role_id', 'incident_roles'),
    ('incident_role_assignments', 'user_id', 'users'),
    ('incident_sub_statuses', 'incident_id', 'incidents'),
    ('incident_sub_statuses', 'sub_status_id', 'sub_statuses'),
    ('schedule_rotations', 'schedule_id', 'schedules'),
    ('shifts', 'schedule_id', 'schedules'),
    ('shifts', 'user_id', 'users'),
] %}

with missing as (
    {% for model, column, other in links %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        'stg_rootly__{{ model }}' as model_name,
        '{{ column }}' as column_name,
        count(*) as row_count,
        min(links.{{ column }}) as example
    from {{ ref('stg_rootly__' ~ model) }} as links
    left join {{ ref('stg_rootly__' ~ other) }} as others on links.{{ column }} = others.{{ column }}
    where
        links.{{ column }} is not null
        and others.{{ column }} is null
        and exists (select 1 from {{ ref('stg_rootly__' ~ other) }})
    {%- endfor %}

)

select * from missing
where row_count > 0
