{%- set stamps = ['in_triage', 'started', 'mitigated', 'resolved', 'closed', 'cancelled'] -%}

with follow_ups as (

    select * from {{ ref('fct_action_items') }}
    where kind = 'follow_up' and incident_id is not null

),

times as (

    select * from {{ ref('int_rootly__action_item_times') }}

),

incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

durations as (

    select * from {{ ref('int_rootly__incident_durations') }}

),

slas as (

    select * from {{ ref('stg_rootly__slas') }}
    where not is_deleted and coalesce(entity_type, 'follow_up') = 'follow_up'

),

matches as (

    select * from {{ ref('int_rootly__sla_matches') }}
    where is_applicable is null or is_applicable

),

targets as (
    {% for goal in ['assignment', 'completion'] %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        sla_id,
        sla_name,
        sla_position,
        '{{ goal }}' as sla_target,
        {{ goal }}_deadline_days as deadline_days,
        {{ goal }}_deadline_parent_status as deadline_status,
        {{ goal }}_deadline_sub_status_id as deadline_sub_status_id,
        {{ goal }}_skip_weekends as skips_weekends
    from slas
    where {{ goal }}_deadline_days is not null
    {%- endfor %}

),

-- From the history where the API gives no stamp: the first time in the status.
status_entries as (

    select
        incident_id,
        status,
        min(entered_at) as entered_at
    from {{ ref('fct_incident_statuses') }}
    group by incident_id, status

),

sub_status_entries as (

    select
        incident_id,
        sub_status_id,
        min(entered_at) as entered_at
    from {{ ref('fct_incident_statuses') }}
    where sub_status_id is not null
    group by incident_id, sub_status_id

),

clock as (

    select {{ data_loaded_at('action_items') }} as data_loaded_at

),

paired as (

    select
        follow_ups.action_item_id,
        follow_ups.incident_id,
        follow_ups.status,
        follow_ups.is_in_population,
        follow_ups.is_deleted,
        targets.sla_id,
        targets.sla_name,
        targets.sla_position,
        targets.sla_target,
        targets.deadline_days,
        targets.deadline_status,
        targets.skips_weekends,
        matches.is_applicable,
        matches.unknown_conditions,
        durations.is_open as is_incident_open,
        case
            when targets.deadline_sub_status_id is not null then sub_status_entries.entered_at
            else
                coalesce(
                    case targets.deadline_status
                        {%- for status in stamps %}
                        when '{{ status }}' then incidents.{{ status }}_at
                        {%- endfor %}
                    end,
                    status_entries.entered_at
                )
        end as clock_started_at,
        case
            when targets.sla_target = 'assignment' then times.is_assigned
            else coalesce(follow_ups.status = 'done', false)
        end as is_reached,
        case
            when targets.sla_target = 'assignment' then times.assigned_at
            when follow_ups.status = 'done' then times.closed_at
        end as reached_at,
        case
            when targets.sla_target = 'assignment' then times.assigned_at_source
            when follow_ups.status = 'done' then times.closed_at_source
        end as reached_at_source,
        times.closed_at,
        times.closed_at_source,
        {{ local_date('clock.data_loaded_at') }} as loaded_on
    from follow_ups
    inner join matches on follow_ups.incident_id = matches.incident_id
    inner join targets on matches.sla_id = targets.sla_id
    inner join incidents on follow_ups.incident_id = incidents.incident_id
    inner join durations on follow_ups.incident_id = durations.incident_id
    left join times on follow_ups.action_item_id = times.action_item_id
    left join status_entries
        on
            follow_ups.incident_id = status_entries.incident_id
            and targets.deadline_status = status_entries.status
    left join sub_status_entries
        on
            follow_ups.incident_id = sub_status_entries.incident_id
            and targets.deadline_sub_status_id = sub_status_entries.sub_status_id
    cross join clock

),

dated as (

    select
        paired.*,
        {{ local_date('clock_started_at') }} as clock_started_on,
        {{ local_date('reached_at') }} as reached_on,
        {{ local_date('closed_at') }} as closed_on
    from paired

),

due as (

    select
        dated.*,
        {{ days_after('clock_started_on', 'deadline_days', 'skips_weekends') }} as deadline_on
    from dated

),

final as (

    select
        action_item_id,
        sla_id,
        sla_target,
        incident_id,
        sla_name,
        sla_position,
        deadline_status,
        cast(deadline_days as bigint) as deadline_days,
        skips_weekends,
        clock_started_at,
        deadline_on,
        reached_at,
        reached_at_source,
        case
            when is_applicable is null then 'unknown'
            when is_reached and reached_on <= deadline_on then 'met'
            when is_reached and reached_on > deadline_on and reached_at_source = 'audit'
                then 'breached'
            when is_reached then 'unknown'
            -- What was given up after its deadline had missed it by then.
            when
                status = 'cancelled'
                and (deadline_on is null or coalesce(closed_on, loaded_on) <= deadline_on)
                then 'cancelled'
            when status = 'cancelled' and closed_at_source = 'audit' then 'breached'
            when status = 'cancelled' then 'unknown'
            when deadline_on is null and is_incident_open then 'open'
            when deadline_on is null then 'unknown'
            when loaded_on > deadline_on then 'breached'
            else 'open'
        end as sla_result,
        unknown_conditions,
        is_in_population,
        is_deleted
    from due

)

select * from final
