with follow_ups as (

    select
        action_item_id,
        status,
        coalesce(priority, 'none') as priority,
        created_on,
        case when status = 'done' then {{ seconds_between('created_at', 'closed_at') }} end
            as seconds,
        closed_at_source
    from {{ ref('fct_action_items') }}
    where
        kind = 'follow_up'
        and is_in_population
        and not is_deleted
        and created_at is not null

),

measured as (

    select
        created_on,
        'priority' as dimension,
        priority as member_id,
        status,
        seconds,
        closed_at_source
    from follow_ups

    union all

    select
        created_on,
        'all' as dimension,
        'all' as member_id,
        status,
        seconds,
        closed_at_source
    from follow_ups

),

grouped as (
    {% for period in periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        {{ period_start(period, 'created_on') }} as period_start,
        dimension,
        member_id,
        count(*) as opened_count,
        count(case when status = 'cancelled' then 1 end) as cancelled_count,
        count(case when status = 'done' then 1 end) as done_count,
        count(seconds) as n,
        count(case when closed_at_source = 'last_change' then seconds end) as upper_bound_n,
        {{ mean('seconds') }} as mean_seconds,
        {{ percentile('seconds', 0.5) }} as median_seconds,
        {{ percentile('seconds', 0.75) }} as p75_seconds,
        {{ percentile('seconds', 0.9) }} as p90_seconds
    from measured
    group by {{ period_start(period, 'created_on') }}, dimension, member_id
    {%- endfor %}

),

final as (

    select
        grouped.period,
        grouped.period_start,
        whole_periods.period_start is not null as is_whole_period,
        grouped.dimension,
        grouped.member_id,
        grouped.opened_count,
        grouped.cancelled_count,
        grouped.done_count,
        grouped.n,
        cast(grouped.n as {{ type_double() }})
        / nullif(grouped.opened_count - grouped.cancelled_count, 0)
            as coverage,
        grouped.n < 5 as is_small_n,
        grouped.upper_bound_n,
        grouped.mean_seconds,
        grouped.median_seconds,
        grouped.p75_seconds,
        grouped.p90_seconds
    from grouped
    left join {{ ref('int_rootly__whole_action_item_periods') }} as whole_periods
        on
            grouped.period = whole_periods.period
            and grouped.period_start = whole_periods.period_start

)

select * from final
