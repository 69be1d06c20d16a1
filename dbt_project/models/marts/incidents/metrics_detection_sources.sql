with incidents as (

    select
        population,
        incident_id,
        started_on
    from {{ ref('int_rootly__incident_populations') }}

),

-- Backfilled incidents were written down later, and have no source.
detections as (

    select
        incident_id,
        detection_source,
        -- Of alerts that did not come first it says nothing.
        case
            when detection_source like 'alert:%' and is_alert_attached_later then 1
        end as is_attached_later
    from {{ ref('fct_incident_detection') }}
    where detection_source is not null

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
        detections.detection_source,
        detections.is_attached_later
    from incidents
    inner join detections on incidents.incident_id = detections.incident_id
    inner join severities on incidents.incident_id = severities.incident_id

),

grouped as (
    {% for period in periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        population,
        '{{ period }}' as period,
        {{ period_start(period, 'started_on') }} as period_start,
        severity_id,
        severity_name,
        detection_source,
        count(*) as detected_count,
        count(is_attached_later) as attached_later_count
    from measured
    group by
        population,
        {{ period_start(period, 'started_on') }},
        severity_id,
        severity_name,
        detection_source
    {%- endfor %}

),

totals as (

    select
        *,
        cast(
            sum(detected_count) over (
                partition by population, period, period_start, severity_id
            ) as bigint
        ) as n
    from grouped

),

final as (

    select
        totals.population,
        totals.period,
        totals.period_start,
        whole_periods.period_start is not null as is_whole_period,
        totals.severity_id,
        totals.severity_name,
        totals.detection_source,
        totals.detected_count,
        totals.attached_later_count,
        totals.n,
        totals.n < 5 as is_small_n,
        cast(totals.detected_count as {{ type_double() }}) / totals.n as detected_share
    from totals
    left join {{ ref('int_rootly__whole_periods') }} as whole_periods
        on
            totals.period = whole_periods.period
            and totals.period_start = whole_periods.period_start

)

select * from final
