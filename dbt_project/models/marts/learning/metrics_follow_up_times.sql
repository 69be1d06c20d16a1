with follow_ups as (

    select
        facts.action_item_id,
        facts.status,
        coalesce(facts.priority, 'none') as priority,
        facts.created_on,
        case
            when facts.status = 'done'
                then {{ seconds_between('facts.created_at', 'times.closed_at') }}
        end as seconds,
        times.closed_at_source
    from {{ ref('fct_action_items') }} as facts
    left join {{ ref('int_rootly__action_item_times') }} as times
        on facts.action_item_id = times.action_item_id
    where
        facts.kind = 'follow_up'
        and facts.is_in_population
        and not facts.is_deleted
        and facts.created_at is not null

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
        {{ percentile('seconds', 0.9) }} as p90_seconds
    from measured
    group by {{ period_start(period, 'created_on') }}, dimension, member_id
    {%- endfor %}

),

final as (

    select
        period,
        period_start,
        dimension,
        member_id,
        opened_count,
        cancelled_count,
        done_count,
        n,
        cast(n as {{ type_double() }}) / nullif(opened_count - cancelled_count, 0) as coverage,
        n < 5 as is_small_n,
        upper_bound_n,
        mean_seconds,
        median_seconds,
        p90_seconds
    from grouped

)

select * from final
