{%- set times = ['acknowledge', 'resolution'] -%}

with alerts as (

    select * from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

members as (

    select * from {{ ref('int_rootly__alert_members') }}

),

names as (

    select
        dimension,
        member_id,
        max(member_name) as member_name
    from members
    group by dimension, member_id

),

-- Both times side by side: an alert is joined to its members once a period, and not once a time.
side_by_side as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        {{ period_start(period, 'alerts.started_on') }} as period_start,
        members.dimension,
        members.member_id,
        {%- for time in times %}
        count(alerts.{{ time }}_time_seconds) as {{ time }}_n,
        {{ mean('alerts.' ~ time ~ '_time_seconds') }} as {{ time }}_mean,
        {{ percentile('alerts.' ~ time ~ '_time_seconds', 0.5) }} as {{ time }}_median,
        {{ percentile('alerts.' ~ time ~ '_time_seconds', 0.75) }} as {{ time }}_p75,
        {{ percentile('alerts.' ~ time ~ '_time_seconds', 0.9) }} as {{ time }}_p90,
        {%- endfor %}
        -- Nobody could acknowledge what paged nobody. Null where events were never read.
        cast(
            sum(
                case
                    when alerts.was_paged or alerts.is_acknowledged then 1
                    when not alerts.was_paged then 0
                end
            ) as bigint
        ) as acknowledge_eligible_count,
        count(*) as resolution_eligible_count,
        count(*) as alert_count
    from alerts
    inner join members on alerts.alert_id = members.alert_id
    group by
        {{ period_start(period, 'alerts.started_on') }},
        members.dimension,
        members.member_id
    {%- endfor %}

),

grouped as (
    {% for time in times %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        period,
        period_start,
        dimension,
        member_id,
        '{{ time }}' as measured_time,
        alert_count,
        {{ time }}_eligible_count as eligible_count,
        {{ time }}_n as n,
        {{ time }}_mean as mean_seconds,
        {{ time }}_median as median_seconds,
        {{ time }}_p75 as p75_seconds,
        {{ time }}_p90 as p90_seconds
    from side_by_side
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
