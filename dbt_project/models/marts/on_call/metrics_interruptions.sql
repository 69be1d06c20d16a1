with interruptions as (

    select
        *,
        {{ period_start('week', 'local_date') }} as week_start
    from {{ ref('fct_interruptions') }}

),

final as (

    select
        week_start,
        user_id,
        max(user_name) as user_name,
        hour_preset,
        hour_band,
        is_after_hours,
        count(*) as interruption_count,
        cast(sum(notification_count) as bigint) as notification_count,
        count(distinct local_date) as interrupted_day_count
    from interruptions
    group by week_start, user_id, hour_preset, hour_band, is_after_hours

)

select * from final
