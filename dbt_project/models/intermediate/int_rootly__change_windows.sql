{{ config(materialized='table') }}

with incidents as (

    select
        stamps.incident_id,
        stamps.started_at
    from {{ ref('stg_rootly__incidents') }} as stamps
    inner join {{ ref('int_rootly__incident_durations') }} as durations
        on stamps.incident_id = durations.incident_id
    where durations.has_plausible_start and not stamps.is_deleted

),

links as (

    select * from {{ ref('int_rootly__incident_dimensions') }}

),

pulses as (

    select * from {{ ref('stg_rootly__pulses') }}

),

pulse_members as (

    select * from {{ ref('int_rootly__pulse_members') }}

),

-- The same hour a week before, when nothing had begun: how often a change is there by chance.
windows as (

    select
        incident_id,
        'before_start' as compared_window,
        started_at as ends_at
    from incidents

    union all

    select
        incident_id,
        'week_before' as compared_window,
        {{ later('started_at', -7, 'day') }} as ends_at
    from incidents

),

service_windows as (

    select
        windows.incident_id,
        windows.compared_window,
        windows.ends_at,
        links.member_id as service_id
    from windows
    inner join links on windows.incident_id = links.incident_id
    where links.dimension = 'service'

),

service_pulses as (

    select
        pulses.pulse_id,
        pulses.occurred_at,
        pulse_members.member_id as service_id
    from pulses
    inner join pulse_members on pulses.pulse_id = pulse_members.pulse_id
    where pulse_members.dimension = 'service'

),

candidates as (

    select
        service_windows.incident_id,
        service_windows.compared_window,
        service_windows.ends_at,
        service_pulses.pulse_id,
        service_pulses.occurred_at,
        count(*) as shared_service_count
    from service_windows
    inner join service_pulses
        on
            service_windows.service_id = service_pulses.service_id
            and service_windows.ends_at >= service_pulses.occurred_at
            and {{ later(
                'service_windows.ends_at', -(variable('rootly_change_window_minutes') | int), 'minute'
            ) }} <= service_pulses.occurred_at
    group by
        service_windows.incident_id,
        service_windows.compared_window,
        service_windows.ends_at,
        service_pulses.pulse_id,
        service_pulses.occurred_at

),

-- Per pair, both sides' environments, as far as they name any.
environments as (

    select
        candidates.incident_id,
        candidates.compared_window,
        candidates.pulse_id,
        count(links.member_id) as incident_environment_count,
        count(pulse_members.member_id) as pulse_environment_count,
        count(case when links.member_id = pulse_members.member_id then 1 end)
            as shared_environment_count
    from candidates
    left join links
        on candidates.incident_id = links.incident_id and links.dimension = 'environment'
    left join pulse_members
        on
            candidates.pulse_id = pulse_members.pulse_id
            and pulse_members.dimension = 'environment'
    group by candidates.incident_id, candidates.compared_window, candidates.pulse_id

),

final as (

    select
        candidates.incident_id,
        candidates.compared_window,
        candidates.pulse_id,
        candidates.occurred_at,
        {{ seconds_between('candidates.occurred_at', 'candidates.ends_at') }} as seconds_before,
        candidates.shared_service_count,
        environments.shared_environment_count > 0 as is_same_environment
    from candidates
    inner join environments
        on
            candidates.incident_id = environments.incident_id
            and candidates.compared_window = environments.compared_window
            and candidates.pulse_id = environments.pulse_id
    where
        environments.shared_environment_count > 0
        or environments.incident_environment_count = 0
        or environments.pulse_environment_count = 0

)

select * from final
