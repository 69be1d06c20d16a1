with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

changes as (

    select * from {{ ref('int_rootly__incident_changes') }}

),

measured as (

    select
        incidents.population,
        incidents.started_on,
        changes.is_eligible,
        changes.is_correlated,
        changes.is_week_before_eligible,
        changes.is_week_before_correlated
    from incidents
    inner join changes on incidents.incident_id = changes.incident_id

),

grouped as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        population,
        '{{ period }}' as period,
        {{ period_start(period, 'started_on') }} as period_start,
        count(*) as incident_count,
        count(case when is_eligible then 1 end) as n,
        count(case when is_eligible and is_correlated then 1 end) as correlated_count,
        count(case when is_week_before_eligible then 1 end) as week_before_n,
        count(case when is_week_before_eligible and is_week_before_correlated then 1 end)
            as week_before_count
    from measured
    group by population, {{ period_start(period, 'started_on') }}
    {%- endfor %}

),

final as (

    select
        grouped.population,
        grouped.period,
        grouped.period_start,
        whole_periods.period_start is not null as is_whole_period,
        grouped.incident_count,
        grouped.n,
        grouped.n < 5 as is_small_n,
        case when grouped.n > 0 then grouped.correlated_count end as correlated_count,
        cast(grouped.correlated_count as {{ type_double() }}) / nullif(grouped.n, 0)
            as correlated_share,
        grouped.week_before_n,
        cast(grouped.week_before_count as {{ type_double() }}) / nullif(grouped.week_before_n, 0)
            as week_before_share
    from grouped
    left join {{ ref('int_rootly__whole_periods') }} as whole_periods
        on
            grouped.period = whole_periods.period
            and grouped.period_start = whole_periods.period_start

)

select * from final
