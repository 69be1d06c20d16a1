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

-- What each response adds to the time that those before it cover already.
added as (

    select
        user_id,
        {{ period_start('week', local_date('acknowledged_at')) }} as week_start,
        {{ exact_seconds_between('acknowledged_at', 'resolved_at') }} as summed_seconds,
        coalesce(
            {{ exact_seconds_between(
                'greatest(acknowledged_at, coalesce(covered_until, acknowledged_at))', 'resolved_at'
            ) }},
            0
        ) as added_seconds
    from in_order

),

grouped as (

    select
        week_start,
        user_id,
        count(*) as response_count,
        sum(summed_seconds) as summed_seconds,
        sum(added_seconds) as effort_seconds
    from added
    group by week_start, user_id

),

final as (

    select
        grouped.week_start,
        grouped.user_id,
        people.full_name as user_name,
        grouped.response_count,
        cast(grouped.summed_seconds as {{ type_double() }}) as summed_seconds,
        cast(grouped.effort_seconds as {{ type_double() }}) as effort_seconds
    from grouped
    left join {{ ref('stg_rootly__users') }} as people on grouped.user_id = people.user_id

)

select * from final
