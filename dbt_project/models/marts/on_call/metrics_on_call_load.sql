{%- set month_starts_at = instant_of('joined.month_start', 0, "'" ~ time_zone() ~ "'") -%}

with clock as (

    select {{ data_loaded_at('shifts') }} as data_loaded_at

),

-- Before the first shift that was read, and after the last sync, a month is unknown, not quiet.
-- What was read begins before the first end that was: what ended earlier may be missing.
bounds as (

    select
        min(shifts.ends_at) as read_since,
        {{ period_start('month', local_date('max(clock.data_loaded_at)')) }} as last_month_start
    from {{ ref('stg_rootly__shifts') }} as shifts
    cross join clock
    where
        shifts.starts_at >= {{ earliest_start() }}
        and shifts.ends_at >= {{ earliest_start() }}

),

alert_events as (

    select * from {{ ref('stg_rootly__alert_events') }}

),

reading as (

    {{ was_read('alert_events', 'alert_events', 'alert_event_id') }}

),

-- Lists of one sync are not read in the same second: a day behind the shifts is as fresh as they.
pages as (

    select
        reading.*,
        reading.synced_at >= {{ later('clock.data_loaded_at', -1, 'day') }} as is_current,
        {{ period_start('month', local_date('reading.synced_at')) }} as last_month_start,
        {{ period_start('month', local_date('clock.data_loaded_at')) }} as current_month_start
    from reading
    cross join clock

),

loads as (

    select
        {{ period_start('month', 'local_date') }} as month_start,
        schedule_id,
        user_id,
        sum(on_call_seconds) as on_call_seconds,
        sum(night_seconds) as night_seconds,
        sum(case when is_weekend then on_call_seconds else 0 end) as weekend_seconds,
        count(distinct local_date) as on_call_day_count
    from {{ ref('int_rootly__on_call_days') }}
    group by {{ period_start('month', 'local_date') }}, schedule_id, user_id

),

interruptions as (

    select
        {{ period_start('month', 'local_date') }} as month_start,
        coalesce(schedule_id, 'none') as schedule_id,
        user_id,
        is_after_hours,
        is_on_call_in_schedule as is_on_call
    from {{ ref('fct_interruptions') }}

    union all

    select
        {{ period_start('month', 'local_date') }} as month_start,
        'all' as schedule_id,
        user_id,
        is_after_hours,
        is_on_call
    from {{ ref('fct_interruptions') }}

),

interrupted as (

    select
        month_start,
        schedule_id,
        user_id,
        count(*) as interruption_count,
        count(case when is_after_hours then 1 end) as after_hours_interruption_count,
        count(case when is_on_call then 1 end) as on_call_interruption_count,
        count(case when not is_on_call then 1 end) as off_call_interruption_count
    from interruptions
    group by month_start, schedule_id, user_id

),

joined as (

    select
        coalesce(loads.month_start, interrupted.month_start) as month_start,
        coalesce(loads.schedule_id, interrupted.schedule_id) as schedule_id,
        coalesce(loads.user_id, interrupted.user_id) as user_id,
        cast(coalesce(loads.on_call_seconds, 0) as {{ type_double() }}) as on_call_seconds,
        cast(coalesce(loads.night_seconds, 0) as {{ type_double() }}) as night_seconds,
        cast(coalesce(loads.weekend_seconds, 0) as {{ type_double() }}) as weekend_seconds,
        coalesce(loads.on_call_day_count, 0) as on_call_day_count,
        coalesce(interrupted.interruption_count, 0) as interruption_count,
        coalesce(interrupted.after_hours_interruption_count, 0)
            as after_hours_interruption_count,
        coalesce(interrupted.on_call_interruption_count, 0) as on_call_interruption_count,
        coalesce(interrupted.off_call_interruption_count, 0) as off_call_interruption_count
    from loads
    full outer join interrupted
        on
            loads.month_start = interrupted.month_start
            and loads.schedule_id = interrupted.schedule_id
            and loads.user_id = interrupted.user_id

),

-- Where nobody read all month long who was paged, nobody knows that nobody was.
known as (

    select
        joined.month_start,
        joined.schedule_id,
        joined.user_id,
        joined.on_call_seconds,
        joined.night_seconds,
        joined.weekend_seconds,
        joined.on_call_day_count,
        {%- for count in [
            'interruption_count',
            'after_hours_interruption_count',
            'on_call_interruption_count',
            'off_call_interruption_count',
        ] %}
        case
            when
                pages.was_read
                and (pages.back_to is null or pages.back_to <= {{ month_starts_at }})
                and (
                    pages.synced_at is null
                    or joined.month_start < pages.last_month_start
                    or (pages.is_current and joined.month_start >= pages.current_month_start)
                )
                then joined.{{ count }}
        end as {{ count }},
        {%- endfor %}
        coalesce(
            joined.month_start < bounds.last_month_start
            and bounds.read_since <= {{ month_starts_at }},
            false
        ) as is_whole_month
    from joined
    cross join bounds
    cross join pages

),

final as (

    select
        known.month_start,
        known.is_whole_month,
        known.schedule_id,
        case known.schedule_id
            when 'all' then 'All'
            when 'none' then 'No schedule'
            else schedules.schedule_name
        end as schedule_name,
        known.user_id,
        people.full_name as user_name,
        known.on_call_seconds,
        known.night_seconds,
        known.weekend_seconds,
        known.on_call_day_count,
        known.interruption_count,
        known.after_hours_interruption_count,
        known.on_call_interruption_count,
        known.off_call_interruption_count,
        -- Of less than a day on call, a rate for a day would be made up.
        case
            when known.on_call_seconds >= 86400
                then known.on_call_interruption_count / (known.on_call_seconds / 86400.0)
        end as interruptions_per_day_on_call
    from known
    left join {{ ref('stg_rootly__schedules') }} as schedules
        on known.schedule_id = schedules.schedule_id
    left join {{ ref('stg_rootly__users') }} as people on known.user_id = people.user_id

)

select * from final
