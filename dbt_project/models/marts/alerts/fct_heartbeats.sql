with heartbeats as (

    select * from {{ ref('stg_rootly__heartbeats') }}

),

clock as (

    select {{ data_loaded_at('heartbeats') }} as data_loaded_at

),

measured as (

    select
        heartbeats.*,
        heartbeats.interval_count * case heartbeats.interval_unit
            when 'minutes' then 60
            when 'hours' then 3600
            when 'days' then 86400
        end as interval_seconds,
        {{ seconds_between('heartbeats.expires_at', 'clock.data_loaded_at') }} as overdue_seconds,
        {{ seconds_between('heartbeats.last_pinged_at', 'clock.data_loaded_at') }}
            as silent_seconds
    from heartbeats
    cross join clock

),

final as (

    select
        heartbeat_id,
        heartbeat_name,
        is_enabled,
        status,
        cast(interval_seconds as bigint) as interval_seconds,
        last_pinged_at,
        expires_at,
        silent_seconds,
        case when is_enabled and status <> 'waiting' then overdue_seconds end as overdue_seconds,
        coalesce(
            is_enabled and (status = 'expired' or (status = 'active' and overdue_seconds > 0)),
            false
        ) as is_missed,
        notification_target_type,
        notification_target_id,
        is_deleted
    from measured

)

select * from final
