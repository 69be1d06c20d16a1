{{ config(severity='warn', meta={
    'dagster': {'ref': {'name': 'stg_rootly__incidents'}},
    'description': 'Every record that another names was read; one that was not is in no metric by its name.',
}) }}

-- Lists by the key that others name their records by, and the lists that do.
-- Events of alerts are left out: their stream goes back to alerts that were deleted before the first read.
-- A list without a row says nothing: the key may not read it.
{%- set links = {
    'action_item_id': ('action_items', ['incident_action_items']),
    'alert_id': ('alerts', [
        'alert_escalation_policies', 'alert_responders', 'alert_services', 'alert_teams',
        'incident_alerts',
    ]),
    'cause_id': ('causes', ['incident_causes']),
    'dashboard_id': ('dashboards', ['dashboard_panels']),
    'escalation_policy_id': ('escalation_policies', ['alert_escalation_policies']),
    'form_field_id': ('form_fields', ['incident_form_field_selections']),
    'incident_id': ('incidents', [
        'incident_action_items', 'incident_alerts', 'incident_causes', 'incident_form_field_selections',
        'incident_post_mortems', 'incident_role_assignments', 'incident_sub_statuses',
        'meeting_recording_details',
    ]),
    'incident_role_id': ('incident_roles', ['incident_role_assignments']),
    'post_mortem_id': ('post_mortems', ['incident_post_mortems']),
    'schedule_id': ('schedules', ['schedule_rotations', 'shifts']),
    'service_id': ('services', ['alert_services']),
    'sub_status_id': ('sub_statuses', ['incident_sub_statuses']),
    'team_id': ('teams', ['alert_teams']),
    'user_id': ('users', ['alert_responders', 'incident_role_assignments', 'shifts']),
} %}

-- Every list of records is looked through once, however many lists name them.
with missing as (
    {% for key, (other, models) in links.items() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        named.model_name,
        '{{ key }}' as column_name,
        count(*) as row_count,
        min(named.{{ key }}) as example
    from (
        {%- for model in models %}
        {%- if not loop.first %}
        union all
        {%- endif %}
        select
            'stg_rootly__{{ model }}' as model_name,
            {{ key }}
        from {{ ref('stg_rootly__' ~ model) }}
        where {{ key }} is not null
        {%- endfor %}
    ) as named
    left join {{ ref('stg_rootly__' ~ other) }} as others on named.{{ key }} = others.{{ key }}
    where
        others.{{ key }} is null
        and exists (select 1 from {{ ref('stg_rootly__' ~ other) }})
    group by named.model_name
    {%- endfor %}

)

select * from missing
where row_count > 0
