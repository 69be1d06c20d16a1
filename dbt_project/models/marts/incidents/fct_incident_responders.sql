{%- set milestones = ['started', 'mitigated', 'resolved', 'closed'] -%}

with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

role_holders as (

    select
        incident_id,
        user_id
    from {{ ref('stg_rootly__incident_role_assignments') }}

),

-- Who held a role and gave it back is known from audits alone, where the token may read them.
role_changes as (

    select
        {{ json_text_at('object_changes_json', 'incident_id', 1) }} as incident_id,
        {{ json_text_at('object_changes_json', 'user_id', 1) }} as user_id
    from {{ ref('stg_rootly__audits') }}
    where item_type = 'IncidentRoleAssignment'

),

attached as (

    select * from {{ ref('stg_rootly__incident_alerts') }}

),

alert_responders as (

    select * from {{ ref('stg_rootly__alert_responders') }}

),

-- Without On-Call, or with a key that may not read alerts, nobody knows who responded to them.
reading as (

    {{ was_read('alert_responders', 'alert_responders', 'alert_id') }}

),

known as (

    select
        incidents.incident_id,
        incidents.is_deleted,
        {{ was_read_at('incidents.created_at', 'reading') }} as are_responders_known
    from incidents
    cross join reading

),

reasons as (
    {% for milestone in milestones %}
    select
        incident_id,
        {{ milestone }}_by_user_id as user_id,
        '{{ milestone }}' as reason
    from incidents

    union all
    {% endfor %}
    select
        incident_id,
        user_id,
        'role' as reason
    from role_holders

    union all

    select
        incident_id,
        user_id,
        'role' as reason
    from role_changes

    union all

    select
        attached.incident_id,
        cast(alert_responders.user_id as {{ type_text() }}) as user_id,
        'alert' as reason
    from attached
    inner join alert_responders on attached.alert_id = alert_responders.alert_id

),

final as (

    select
        reasons.incident_id,
        reasons.user_id,
        {%- for milestone in milestones %}
        count(case when reasons.reason = '{{ milestone }}' then 1 end) > 0 as has_{{ milestone }},
        {%- endfor %}
        count(case when reasons.reason = 'role' then 1 end) > 0 as has_held_role,
        case
            when incidents.are_responders_known
                then count(case when reasons.reason = 'alert' then 1 end) > 0
        end as has_responded_to_alert,
        incidents.is_deleted
    from reasons
    inner join known as incidents on reasons.incident_id = incidents.incident_id
    where reasons.user_id is not null
    group by
        reasons.incident_id,
        reasons.user_id,
        incidents.is_deleted,
        incidents.are_responders_known

)

select * from final
