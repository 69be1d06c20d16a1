with clock as (

    select {{ data_loaded_at('alert_events') }} as data_loaded_at

),

notifications as (

    select
        events.alert_event_id,
        events.alert_id,
        events.user_id,
        events.schedule_id,
        events.occurred_at
    from {{ ref('stg_rootly__alert_events') }} as events
    cross join clock
    where
        events.event_kind = 'notification'
        and events.action in ({{ words('rootly_interrupting_actions') }})
        and events.user_id is not null
        and events.occurred_at >= {{ earliest_start() }}
        and events.occurred_at <= {{ later('clock.data_loaded_at', 1, 'day') }}

),

spaced as (

    select
        *,
        {{ exact_seconds_between(
            'lag(occurred_at) over (partition by user_id order by occurred_at, alert_event_id)',
            'occurred_at'
        ) }} as seconds_since_previous
    from notifications

),

numbered as (

    select
        *,
        coalesce(seconds_since_previous > {{ variable('rootly_interruption_seconds') }}, true)
            as is_first,
        sum(
            case
                when seconds_since_previous <= {{ variable('rootly_interruption_seconds') }} then 0
                else 1
            end
        ) over (
            partition by user_id
            order by occurred_at, alert_event_id
            rows between unbounded preceding and current row
        ) as interruption
    from spaced

),

counted as (

    select
        user_id,
        interruption,
        count(*) as notification_count,
        count(distinct alert_id) as alert_count
    from numbered
    group by user_id, interruption

),

zoned as (

    select
        numbered.alert_event_id as interruption_id,
        numbered.user_id,
        numbered.alert_id,
        numbered.schedule_id,
        numbered.occurred_at as interrupted_at,
        counted.notification_count,
        counted.alert_count,
        coalesce(of_user.time_zone, of_schedule.time_zone, '{{ time_zone() }}') as time_zone,
        case
            when of_user.time_zone is not null then 'user'
            when of_schedule.time_zone is not null then 'schedule'
            else 'workspace'
        end as time_zone_from
    from numbered
    inner join counted
        on
            numbered.user_id = counted.user_id
            and numbered.interruption = counted.interruption
    left join {{ ref('int_rootly__time_zones') }} as of_user
        on numbered.user_id = of_user.holder_id and of_user.holder_type = 'user'
    left join {{ ref('int_rootly__time_zones') }} as of_schedule
        on numbered.schedule_id = of_schedule.holder_id and of_schedule.holder_type = 'schedule'
    where numbered.is_first

),

shifts as (

    select * from {{ ref('stg_rootly__shifts') }}

),

reading as (

    {{ was_read('shifts', 'shifts', 'shift_id') }}

),

-- What ended before the first shift that was read may be missing, as in metrics_on_call_load.
first_shift as (

    select min(ends_at) as read_since
    from shifts
    where starts_at >= {{ earliest_start() }} and ends_at >= {{ earliest_start() }}

),

watched as (

    select
        zoned.interruption_id,
        {{ was_read_at('zoned.interrupted_at', 'reading') }}
        and coalesce(zoned.interrupted_at >= first_shift.read_since, true) as shifts_are_known
    from zoned
    cross join reading
    cross join first_shift

),

-- Whoever is on call for a schedule is so for all together.
on_call as (

    select
        zoned.interruption_id,
        max(case when stretches.schedule_id = zoned.schedule_id then 1 else 0 end) as in_schedule
    from zoned
    inner join {{ ref('int_rootly__on_call_stretches') }} as stretches
        on
            zoned.user_id = stretches.user_id
            and zoned.interrupted_at >= stretches.starts_at
            and zoned.interrupted_at < stretches.ends_at
    group by zoned.interruption_id

),

clocked as (

    select
        *,
        {{ local_time('interrupted_at', 'time_zone') }} as local_at
    from zoned

),

placed as (

    select
        *,
        cast(local_at as date) as local_date,
        cast({{ iso_weekday('local_at') }} as integer) as local_weekday,
        cast(extract(hour from local_at) as integer) as local_hour
    from clocked

),

bands as (

    select
        preset,
        is_weekend,
        from_hour,
        until_hour,
        band,
        is_after_hours
    from {{ ref('rootly_hour_bands') }}
    {%- for row in own_hour_bands() %}

    union all

    select
        'own' as preset,
        {{ (row.days == 'weekends') | lower }} as is_weekend,
        {{ row['from'] }} as from_hour,
        {{ row.until }} as until_hour,
        '{{ row.band }}' as band,
        {{ row.after_hours | lower }} as is_after_hours
    {%- endfor %}

),

final as (

    select
        placed.interruption_id,
        placed.user_id,
        people.full_name as user_name,
        placed.alert_id,
        placed.schedule_id,
        placed.interrupted_at,
        placed.notification_count,
        placed.alert_count,
        placed.time_zone,
        placed.time_zone_from,
        placed.local_date,
        placed.local_weekday,
        placed.local_hour,
        bands.preset as hour_preset,
        bands.band as hour_band,
        bands.is_after_hours,
        case
            when on_call.interruption_id is not null then true
            when watched.shifts_are_known then false
        end as is_on_call,
        case
            when on_call.in_schedule = 1 then true
            when watched.shifts_are_known then false
        end as is_on_call_in_schedule
    from placed
    inner join watched on placed.interruption_id = watched.interruption_id
    left join on_call on placed.interruption_id = on_call.interruption_id
    left join {{ ref('stg_rootly__users') }} as people on placed.user_id = people.user_id
    left join bands
        on
            bands.preset = '{{ hour_preset() }}'
            and bands.is_weekend = (placed.local_weekday >= 6)
            and placed.local_hour >= bands.from_hour
            and placed.local_hour < bands.until_hour

)

select * from final
