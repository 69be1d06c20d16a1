with responses as (

    select
        user_id,
        acknowledged_at,
        resolved_at
    from {{ ref('int_rootly__alert_responses') }}
    where
        user_id is not null
        and resolved_at >= acknowledged_at
        and acknowledged_at >= {{ earliest_start() }}

),

in_order as (

    select
        *,
        max(resolved_at) over (
            partition by user_id
            order by acknowledged_at, resolved_at
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from responses

),

spans as (

    select
        user_id,
        acknowledged_at,
        resolved_at,
        greatest(acknowledged_at, coalesce(covered_until, acknowledged_at)) as uncovered_from,
        {{ period_start('week', local_date('acknowledged_at')) }} as first_week,
        {{ period_start('week', local_date('resolved_at')) }} as last_week
    from in_order

),

days as (

    {{ days_between(
        'first_week',
        'last_week',
        'spans',
        ['user_id', 'acknowledged_at', 'resolved_at', 'uncovered_from', 'first_week']
    ) }}

),

week_starts as (

    select distinct metric_date as week_start
    from days
    where {{ iso_weekday('metric_date') }} = 1

),

weeks as (

    select
        week_start,
        {{ instant_of('week_start', 0, "'" ~ time_zone() ~ "'") }} as starts_at,
        {{ end_of_day('week_start + 6') }} as ends_at
    from week_starts

),

-- A week's share of a response, and of what it adds to the time that those before it cover already.
added as (

    select
        weeks.week_start,
        days.user_id,
        case when weeks.week_start = days.first_week then 1 else 0 end as has_begun,
        {{ seconds_in_common(
            'days.acknowledged_at', 'days.resolved_at', 'weeks.starts_at', 'weeks.ends_at'
        ) }} as summed_seconds,
        {{ seconds_in_common(
            'days.uncovered_from', 'days.resolved_at', 'weeks.starts_at', 'weeks.ends_at'
        ) }} as added_seconds
    from days
    inner join weeks on days.metric_date = weeks.week_start

),

grouped as (

    select
        week_start,
        user_id,
        cast(sum(has_begun) as bigint) as response_count,
        sum(summed_seconds) as summed_seconds,
        sum(added_seconds) as effort_seconds
    from added
    where has_begun = 1 or summed_seconds > 0
    group by week_start, user_id

),

final as (

    select
        grouped.week_start,
        whole_periods.period_start is not null as is_whole_period,
        grouped.user_id,
        people.full_name as user_name,
        grouped.response_count,
        cast(grouped.summed_seconds as {{ type_double() }}) as summed_seconds,
        cast(grouped.effort_seconds as {{ type_double() }}) as effort_seconds
    from grouped
    left join {{ ref('stg_rootly__users') }} as people on grouped.user_id = people.user_id
    left join {{ ref('int_rootly__whole_alert_event_periods') }} as whole_periods
        on whole_periods.period = 'week' and grouped.week_start = whole_periods.period_start

)

select * from final
