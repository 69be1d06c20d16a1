{{ config(materialized='table') }}

{%- set milestones = {
    'detection': 'detected_at',
    'acknowledge': 'acknowledged_at',
    'mitigation': 'mitigated_at',
    'resolution': 'resolved_at',
} -%}

{#- Statuses that wait for a milestone: a stamp of it is from before the incident was re-opened. -#}
{%- set unmitigated = ['in_triage', 'started', 'detected', 'acknowledged'] -%}
{%- set waiting = {
    'mitigated_at': unmitigated,
    'resolved_at': unmitigated + ['mitigated', 'scheduled', 'in_progress'],
} -%}

with recorded as (

    select * from {{ ref('stg_rootly__incidents') }}

),

severities as (

    select * from {{ ref('stg_rootly__severities') }}

),

clock as (

    select {{ data_loaded_at('incidents') }} as data_loaded_at

),

incidents as (

    select
        recorded.*,
        clock.data_loaded_at,
        recorded.started_at >= {{ earliest_start() }}
        and (
            clock.data_loaded_at is null
            or recorded.started_at <= {{ later('clock.data_loaded_at', 1, 'day') }}
        ) as has_plausible_start
    from recorded
    cross join clock

),

measured as (

    select
        incidents.incident_id,
        incidents.data_loaded_at,
        {{ local_date('incidents.started_at') }} as started_on,
        incidents.has_plausible_start,
        -- Rootly stamps the start on leaving triage, where people wait already.
        case
            when incidents.has_plausible_start then incidents.started_at
            when
                incidents.in_triage_at >= {{ earliest_start() }}
                and incidents.in_triage_at <= incidents.data_loaded_at
                then incidents.in_triage_at
            else incidents.created_at
        end as opened_at,
        coalesce(incidents.kind in ({{ words('rootly_parity_kinds') }}), false) as is_parity_kind,
        coalesce(incidents.kind = 'backfilled', false) as is_backfilled,
        coalesce(incidents.status = 'cancelled', false)
        or incidents.cancelled_at is not null as is_cancelled,
        incidents.duplicate_incident_id is not null as is_duplicate,
        coalesce(right(incidents.kind, 4) <> '_sub', true)
        and incidents.parent_incident_id is null as is_top_level,
        -- An incident without a status is open until a time says otherwise.
        coalesce(
            incidents.status not in ({{ words('rootly_ended_statuses') }}),
            coalesce(
                incidents.resolved_at, incidents.closed_at, incidents.cancelled_at
            ) is null
        ) as is_open,
        incidents.resolved_at is not null as has_resolved_at,
        coalesce(incidents.mitigated_at = incidents.resolved_at, false) as mitigation_is_inferred,
        {%- for time, milestone in milestones.items() %}
        {{ seconds_between('incidents.started_at', 'incidents.' ~ milestone) }}
            as parity_{{ time }}_time_seconds,
        coalesce(
            incidents.{{ milestone }} < incidents.started_at, false
        ) as is_{{ time }}_time_negative,
        coalesce(
            incidents.{{ milestone }} > {{ later('incidents.data_loaded_at', 1, 'day') }}, false
        ) as is_{{ milestone }}_in_future,
        {%- if milestone in waiting %}
        coalesce(
            incidents.status in (
                {%- for status in waiting[milestone] %}
                '{{ status }}'{{ ',' if not loop.last }}
                {%- endfor %}
            ),
            false
        ) as is_{{ milestone }}_outdated,
        {%- endif %}
        {%- endfor %}
        coalesce(incidents.status = 'mitigated', false)
        or incidents.mitigated_at is not null as was_mitigated,
        {{ seconds_between('incidents.started_at', 'incidents.data_loaded_at') }}
            as seconds_since_start,
        {{ mitigation_target('severities.severity_level') }} as mitigation_target_seconds
    from incidents
    left join severities on incidents.severity_id = severities.severity_id

),

believed as (

    select
        {%- for time, milestone in milestones.items() %}
        case
            when
                not is_{{ milestone }}_in_future
                {%- if milestone in waiting %}
                and not (measured.is_open and is_{{ milestone }}_outdated)
                {%- endif %}
                then parity_{{ time }}_time_seconds
        end as {{ time }}_time_seconds,
        {%- endfor %}
        measured.*
    from measured

),

final as (

    select
        incident_id,
        started_on,
        has_plausible_start,
        opened_at,
        is_parity_kind,
        is_cancelled,
        is_parity_kind and not is_cancelled and not is_duplicate as is_response_incident,
        is_parity_kind and not is_cancelled and not is_duplicate and not is_backfilled
            as is_real_time,
        is_top_level,
        is_open,
        is_open and is_resolved_at_outdated and has_resolved_at as is_reopened,
        mitigation_is_inferred,
        {%- for time in milestones %}
        {{ time }}_time_seconds,
        parity_{{ time }}_time_seconds,
        {{ time }}_time_seconds is not null as is_{{ time }}_time_valid,
        is_{{ time }}_time_negative,
        {%- endfor %}
        (
            {%- for time in milestones %}
            {% if not loop.first %}or {% endif %}is_{{ time }}_time_negative
            {%- endfor %}
        ) as has_negative_interval,
        (
            {%- for milestone in milestones.values() %}
            {% if not loop.first %}or {% endif %}is_{{ milestone }}_in_future
            {%- endfor %}
        ) as has_future_milestone,
        case when is_open then {{ seconds_between('opened_at', 'data_loaded_at') }} end
            as open_age_seconds,
        coalesce(
            resolution_time_seconds, case when is_open then seconds_since_start end
        ) as incident_duration_seconds,
        mitigation_target_seconds,
        case
            when mitigation_time_seconds is not null
                then mitigation_time_seconds <= mitigation_target_seconds
            when
                is_open
                and (is_mitigated_at_outdated or not was_mitigated)
                and seconds_since_start > mitigation_target_seconds
                then false
        end as is_mitigated_within_target
    from believed

)

select * from final
