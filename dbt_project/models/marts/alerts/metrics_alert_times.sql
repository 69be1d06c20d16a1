with alerts as (

    select * from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

members as (

    select * from {{ ref('int_rootly__alert_members') }}

),

times as (

    -- Nobody could acknowledge what paged nobody.
    select
        alert_id,
        started_on,
        'acknowledge' as measured_time,
        was_paged or is_acknowledged as is_eligible,
        acknowledge_time_seconds as seconds
    from alerts

    union all

    select
        alert_id,
        started_on,
        'resolution' as measured_time,
        true as is_eligible,
        resolution_time_seconds as seconds
    from alerts

),

names as (

    select
        dimension,
        member_id,
        max(member_name) as member_name
    from members
    group by dimension, member_id

),

grouped as (
    {% for period in ['week', 'month', 'quarter'] %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        {{ period_start(period, 'times.started_on') }} as period_start,
        members.dimension,
        members.member_id,
        times.measured_time,
        count(*) as alert_count,
        count(case when times.is_eligible then 1 end) as eligible_count,
        count(times.seconds) as n,
        {{ mean('times.seconds') }} as mean_seconds,
        {{ percentile('times.seconds', 0.5) }} as median_seconds,
        {{ percentile('times.seconds', 0.75) }} as p75_seconds,
        {{ percentile('times.seconds', 0.9) }} as p90_seconds
    from times
    inner join members on times.alert_id = members.alert_id
    group by
        {{ period_start(period, 'times.started_on') }},
        members.dimension,
        members.member_id,
        times.measured_time
    {%- endfor %}

),

final as (

    select
        grouped.period,
        grouped.period_start,
        grouped.dimension,
        grouped.member_id,
        names.member_name,
        grouped.measured_time,
        grouped.alert_count,
        grouped.eligible_count,
        grouped.n,
        cast(grouped.n as {{ type_double() }}) / nullif(grouped.eligible_count, 0) as coverage,
        grouped.n < 5 as is_small_n,
        grouped.mean_seconds,
        grouped.median_seconds,
        grouped.p75_seconds,
        grouped.p90_seconds
    from grouped
    inner join names
        on grouped.dimension = names.dimension and grouped.member_id = names.member_id

)

select * from final
