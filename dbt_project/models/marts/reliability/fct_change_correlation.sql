with windows as (

    select * from {{ ref('int_rootly__change_windows') }}
    where compared_window = 'before_start'

),

pulses as (

    select * from {{ ref('stg_rootly__pulses') }}

),

final as (

    select
        windows.incident_id,
        windows.pulse_id,
        pulses.pulse_source,
        pulses.summary as pulse_summary,
        windows.occurred_at as pulse_occurred_at,
        windows.seconds_before as seconds_before_start,
        windows.shared_service_count,
        windows.is_same_environment,
        row_number() over (
            partition by windows.incident_id
            order by windows.occurred_at desc, windows.pulse_id asc
        ) = 1 as is_nearest
    from windows
    inner join pulses on windows.pulse_id = pulses.pulse_id

)

select * from final
