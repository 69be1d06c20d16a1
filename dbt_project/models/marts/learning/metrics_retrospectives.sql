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
        count(case when is_overdue then 1 end) as overdue_count,
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
        population,
        period,
        period_start,
        severity_id,
        severity_name,
        n,
        n < 5 as is_small_n,
        completed_count,
        skipped_count,
        unknown_count,
        overdue_count,
        cast(completed_count as {{ type_double() }}) / n as completion_rate,
        cast(skipped_count as {{ type_double() }}) / n as skip_rate,
        mandatory_n,
        cast(mandatory_completed_count as {{ type_double() }}) / nullif(mandatory_n, 0)
            as mandatory_completion_rate,
        lag_n,
        lag_upper_bound_n,
        median_lag_seconds
    from grouped

)

select * from final
