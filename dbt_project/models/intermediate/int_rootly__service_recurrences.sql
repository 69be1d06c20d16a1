{%- set recurrence_seconds = variable('rootly_recurrence_days') * 86400 -%}

with clock as (

    select {{ data_loaded_at('incidents') }} as data_loaded_at

),

incidents as (

    select
        stamps.incident_id,
        stamps.started_at,
        case when durations.is_resolution_time_valid then stamps.resolved_at end as resolved_at,
        durations.is_real_time
    from {{ ref('stg_rootly__incidents') }} as stamps
    inner join {{ ref('int_rootly__incident_durations') }} as durations
        on stamps.incident_id = durations.incident_id
    where
        durations.is_response_incident
        and durations.is_top_level
        and durations.has_plausible_start
        and not stamps.is_deleted

),

services as (

    select
        incident_id,
        member_id as service_id
    from {{ ref('int_rootly__incident_dimensions') }}
    where dimension = 'service'

),

causes as (

    select distinct
        incident_id,
        cause_id
    from {{ ref('stg_rootly__incident_causes') }}

),

service_incidents as (

    select
        services.service_id,
        incidents.incident_id,
        incidents.started_at,
        incidents.resolved_at
    from incidents
    inner join services on incidents.incident_id = services.incident_id

),

cause_incidents as (

    select
        service_incidents.*,
        causes.cause_id
    from service_incidents
    inner join causes on service_incidents.incident_id = causes.incident_id

),
{% for grain, keys in {'service': ['service_id'], 'cause': ['service_id', 'cause_id']}.items() %}
-- Starts and resolutions in one line: the last resolution before a start is a running maximum.
{{ grain }}_moments as (

    select
        {{ keys | join(', ') }},
        incident_id,
        started_at as happened_at,
        cast(null as {{ type_instant() }}) as resolved_at,
        0 as place
    from {{ grain }}_incidents

    union all

    select
        {{ keys | join(', ') }},
        cast(null as {{ type_text() }}) as incident_id,
        resolved_at as happened_at,
        resolved_at,
        1 as place
    from {{ grain }}_incidents
    where resolved_at is not null

),

{{ grain }}_previous as (

    select
        {{ keys | join(', ') }},
        incident_id,
        happened_at as started_at,
        max(resolved_at) over (
            partition by {{ keys | join(', ') }}
            order by happened_at, place
            rows between unbounded preceding and current row
        ) as previous_resolved_at
    from {{ grain }}_moments

),
{% endfor %}
-- What an incident of the first days could have come after is not in the data. One that was written
-- down afterwards does not say that the others of its time were.
history as (

    select
        min(case when incidents.is_real_time then incidents.started_at end) as read_since,
        {{ seconds_between(
            'min(case when incidents.is_real_time then incidents.started_at end)',
            'max(clock.data_loaded_at)'
        ) }} as read_seconds
    from incidents
    cross join clock

),

-- What an incident could have come after by chance: how often others on the service are resolved.
resolutions as (

    select
        service_incidents.service_id,
        count(*) as resolution_count
    from service_incidents
    cross join history
    where service_incidents.resolved_at >= history.read_since
    group by service_incidents.service_id

),

same_cause as (

    -- The nearest of its causes: an incident may have several.
    select
        service_id,
        incident_id,
        min({{ seconds_between('previous_resolved_at', 'started_at') }}) as seconds_since_previous
    from cause_previous
    where incident_id is not null
    group by service_id, incident_id

),

measured as (

    select
        service_previous.incident_id,
        service_previous.service_id,
        service_previous.started_at,
        {{ seconds_between(
            'service_previous.previous_resolved_at', 'service_previous.started_at'
        ) }} as seconds_since_previous,
        coalesce(
            {{ seconds_between('history.read_since', 'service_previous.started_at') }}
            >= {{ recurrence_seconds }},
            false
        ) as has_whole_history,
        {{ recurrence_seconds }} * cast(
            coalesce(resolutions.resolution_count, 0)
            - case when service_incidents.resolved_at >= history.read_since then 1 else 0 end
            as {{ type_double() }}
        ) / nullif(history.read_seconds, 0) as expected_resolutions,
        same_cause.incident_id is not null as has_cause,
        coalesce(
            same_cause.seconds_since_previous <= {{ recurrence_seconds }}, false
        ) as is_seen_to_recur_with_cause
    from service_previous
    cross join history
    inner join service_incidents
        on
            service_previous.incident_id = service_incidents.incident_id
            and service_previous.service_id = service_incidents.service_id
    left join resolutions on service_previous.service_id = resolutions.service_id
    left join same_cause
        on
            service_previous.incident_id = same_cause.incident_id
            and service_previous.service_id = same_cause.service_id
    where service_previous.incident_id is not null

),

final as (

    select
        incident_id,
        service_id,
        started_at,
        seconds_since_previous,
        has_whole_history,
        case
            when seconds_since_previous <= {{ recurrence_seconds }} then true
            when has_whole_history then false
        end as is_recurring,
        case when has_whole_history then expected_resolutions end as expected_resolutions,
        has_cause,
        case
            when is_seen_to_recur_with_cause then true
            when has_whole_history then false
        end as is_recurring_with_cause
    from measured

)

select * from final
