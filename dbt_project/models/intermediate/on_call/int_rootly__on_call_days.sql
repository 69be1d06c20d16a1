{%- set night = variable('rootly_night_hours') -%}

with stretches as (

    select * from {{ ref('int_rootly__on_call_stretches') }}

),

dated as (

    select
        *,
        cast({{ local_time('starts_at', 'time_zone') }} as date) as first_day,
        cast({{ local_time('ends_at', 'time_zone') }} as date) as last_day
    from stretches

),

days as (

    {{ days_between(
        'first_day', 'last_day', 'dated',
        ['user_id', 'schedule_id', 'time_zone', 'starts_at', 'ends_at']
    ) }}

),

zone_days as (

    select distinct
        time_zone,
        metric_date
    from days

),

-- Borders of local days and nights as instants: a day of 23 or 25 hours counts as long as it is.
-- Once for each zone and day, since they cost more than all the rest.
borders as (

    select
        time_zone,
        metric_date,
        {{ instant_of('metric_date', 0, 'time_zone') }} as day_starts_at,
        {{ instant_of('metric_date', night[1], 'time_zone') }} as night_ends_at,
        {{ instant_of('metric_date', night[0], 'time_zone') }} as night_starts_at,
        {{ instant_of('metric_date', 24, 'time_zone') }} as day_ends_at
    from zone_days

),

pieces as (

    select
        days.user_id,
        days.schedule_id,
        days.time_zone,
        days.metric_date as local_date,
        days.starts_at,
        days.ends_at,
        borders.day_starts_at,
        borders.night_ends_at,
        borders.night_starts_at,
        borders.day_ends_at
    from days
    inner join borders
        on days.time_zone = borders.time_zone and days.metric_date = borders.metric_date

),

final as (

    select
        user_id,
        schedule_id,
        local_date,
        min(time_zone) as time_zone,
        {{ iso_weekday('local_date') }} in (6, 7) as is_weekend,
        sum({{ seconds_in_common('starts_at', 'ends_at', 'day_starts_at', 'day_ends_at') }})
            as on_call_seconds,
        sum(
            {%- if night[0] < night[1] %}
            {{ seconds_in_common('starts_at', 'ends_at', 'night_starts_at', 'night_ends_at') }}
            {%- else %}
            {{ seconds_in_common('starts_at', 'ends_at', 'day_starts_at', 'night_ends_at') }}
            + {{ seconds_in_common('starts_at', 'ends_at', 'night_starts_at', 'day_ends_at') }}
            {%- endif %}
        ) as night_seconds
    from pieces
    group by user_id, schedule_id, local_date

)

select * from final
where on_call_seconds > 0
