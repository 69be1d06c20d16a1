with incidents as (

    select
        populations.population,
        populations.incident_id,
        populations.started_on
    from {{ ref('int_rootly__incident_populations') }} as populations
    inner join {{ ref('int_rootly__incident_durations') }} as durations
        on populations.incident_id = durations.incident_id
    where not durations.is_open

),

retrospectives as (

    -- One that is open or was never resolved owes no retrospective yet.
    select * from {{ ref('fct_retrospectives') }}
    where resolved_at is not null

),

severities as (

    select * from {{ ref('int_rootly__severity_groups') }}

),

measured as (

    select
        incidents.population,
        incidents.started_on,
        severities.severity_id,
        severities.severity_name,
        retrospectives.retrospective_status,
        retrospectives.is_overdue,
        retrospectives.is_not_yet_due,
        retrospectives.retrospective_rule,
        retrospectives.lag_seconds,
        retrospectives.published_at_source
    from incidents
    inner join retrospectives on incidents.incident_id = retrospectives.incident_id
    inner join severities on incidents.incident_id = severities.incident_id

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
        severity_id,
        severity_name,
        count(*) as n,
        count(case when retrospective_status = 'completed' then 1 end) as completed_count,
        count(case when retrospective_status = 'skipped' then 1 end) as skipped_count,
        count(case when retrospective_status = 'unknown' then 1 end) as unknown_count,
        count(case when retrospective_rule = 'skip' then 1 end) as exempt_n,
        count(
            case when retrospective_rule = 'skip' and retrospective_status = 'completed' then 1 end
        ) as exempt_completed_count,
        count(
            case when retrospective_rule = 'skip' and retrospective_status = 'skipped' then 1 end
        ) as exempt_skipped_count,
        count(case when is_overdue then 1 end) as overdue_count,
        count(case when is_not_yet_due then 1 end) as not_yet_due_n,
        count(case when retrospective_rule = 'mandatory' then 1 end) as mandatory_n,
        count(
            case
                when retrospective_rule = 'mandatory' and retrospective_status = 'completed' then 1
            end
        ) as mandatory_completed_count,
        count(lag_seconds) as lag_n,
        count(case when published_at_source = 'last_change' then lag_seconds end)
            as lag_upper_bound_n,
        {{ percentile('lag_seconds', 0.5) }} as median_lag_seconds
    from measured
    group by population, {{ period_start(period, 'started_on') }}, severity_id, severity_name
    {%- endfor %}

),

final as (

    select
        grouped.population,
        grouped.period,
        grouped.period_start,
        whole_periods.period_start is not null as is_whole_period,
        grouped.severity_id,
        grouped.severity_name,
        grouped.n,
        grouped.exempt_n,
        grouped.n - grouped.exempt_n < 5 as is_small_n,
        grouped.completed_count,
        grouped.skipped_count,
        grouped.unknown_count,
        grouped.exempt_completed_count,
        grouped.exempt_skipped_count,
        grouped.overdue_count,
        grouped.not_yet_due_n,
        cast(grouped.completed_count - grouped.exempt_completed_count as {{ type_double() }})
        / nullif(grouped.n - grouped.exempt_n, 0)
            as completion_rate,
        cast(grouped.skipped_count - grouped.exempt_skipped_count as {{ type_double() }})
        / nullif(grouped.n - grouped.exempt_n, 0)
            as skip_rate,
        grouped.mandatory_n,
        cast(grouped.mandatory_completed_count as {{ type_double() }})
        / nullif(grouped.mandatory_n, 0)
            as mandatory_completion_rate,
        grouped.lag_n,
        grouped.lag_upper_bound_n,
        grouped.median_lag_seconds
    from grouped
    left join {{ ref('int_rootly__whole_periods') }} as whole_periods
        on
            grouped.period = whole_periods.period
            and grouped.period_start = whole_periods.period_start

)

select * from final
