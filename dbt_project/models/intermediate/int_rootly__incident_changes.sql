{{ config(materialized='table') }}

with incidents as (

    select distinct
        incident_id,
        started_at
    from {{ ref('int_rootly__incident_populations') }}

),

with_service as (

    select distinct incident_id
    from {{ ref('int_rootly__incident_dimensions') }}
    where dimension = 'service'

),

pulses as (

    select * from {{ ref('stg_rootly__pulses') }}

),

-- Before the first change was announced, none could be found.
first_pulse as (

    select min(occurred_at) as first_pulse_at
    from pulses

),

-- Nor could it after the last sync of changes, or before what their first read has come back to.
reading as (

    {{ was_read('pulses', 'pulses', 'pulse_id') }}

),

windows as (

    select distinct
        incident_id,
        compared_window
    from {{ ref('int_rootly__change_windows') }}

),

final as (

    select
        incidents.incident_id,
        with_service.incident_id is not null
        and coalesce(incidents.started_at >= first_pulse.first_pulse_at, false)
        and {{ was_read_at('incidents.started_at', 'reading') }} as is_eligible,
        with_service.incident_id is not null
        and coalesce(
            incidents.started_at >= {{ later('first_pulse.first_pulse_at', 7, 'day') }}, false
        )
        and {{ was_read_at(later('incidents.started_at', -7, 'day'), 'reading') }}
            as is_week_before_eligible,
        before_start.incident_id is not null as is_correlated,
        week_before.incident_id is not null as is_week_before_correlated
    from incidents
    cross join first_pulse
    cross join reading
    left join with_service on incidents.incident_id = with_service.incident_id
    left join windows as before_start
        on
            incidents.incident_id = before_start.incident_id
            and before_start.compared_window = 'before_start'
    left join windows as week_before
        on
            incidents.incident_id = week_before.incident_id
            and week_before.compared_window = 'week_before'

)

select * from final
