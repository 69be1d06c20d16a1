with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

stays as (

    select * from {{ ref('fct_incident_statuses') }}

),

severities as (

    select * from {{ ref('int_rootly__severity_groups') }}

),

-- All the stays of an incident in a status are one time: re-opening must not halve it.
totals as (

    select
        incident_id,
        status,
        sum(seconds) as seconds,
        max(case when is_current then 1 else 0 end) as is_still_in,
        max(case when seconds is null and not is_current then 1 else 0 end) as is_unknown,
        max(case when status_source = 'timestamps' then 1 else 0 end) as is_from_timestamps
    from stays
    group by incident_id, status

),

measured as (

    select
        incidents.population,
        incidents.started_on,
        severities.severity_id,
        severities.severity_name,
        totals.status,
        totals.is_still_in,
        totals.is_unknown,
        totals.is_from_timestamps,
        case when totals.is_still_in = 0 and totals.is_unknown = 0 then totals.seconds end
            as seconds
    from incidents
    inner join totals on incidents.incident_id = totals.incident_id
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
        status,
        count(*) as incident_count,
        count(seconds) as n,
        count(seconds) < 5 as is_small_n,
        cast(sum(is_still_in) as bigint) as still_in_count,
        cast(sum(case when is_still_in = 0 then is_unknown else 0 end) as bigint) as unknown_count,
        cast(sum(is_from_timestamps) as bigint) as from_timestamps_count,
        {{ percentile('seconds', 0.5) }} as median_seconds,
        {{ percentile('seconds', 0.75) }} as p75_seconds,
        {{ percentile('seconds', 0.9) }} as p90_seconds
    from measured
    group by
        population, {{ period_start(period, 'started_on') }}, severity_id, severity_name, status
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
        grouped.status,
        grouped.incident_count,
        grouped.n,
        grouped.is_small_n,
        grouped.still_in_count,
        grouped.unknown_count,
        grouped.from_timestamps_count,
        grouped.median_seconds,
        grouped.p75_seconds,
        grouped.p90_seconds
    from grouped
    left join {{ ref('int_rootly__whole_periods') }} as whole_periods
        on
            grouped.period = whole_periods.period
            and grouped.period_start = whole_periods.period_start

)

select * from final
