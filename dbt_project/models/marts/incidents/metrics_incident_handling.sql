{#- What is measured: its unit, the value, and the incidents of which it could be known. -#}
{%- set measures = {
    'declaration_lag': ('seconds', 'declaration_lag_seconds', 'not is_backfilled'),
    'communication_lag': ('seconds', 'communication_lag_seconds', 'not is_backfilled'),
    'responders': ('people', 'nullif(responder_count, 0)', 'true'),
    'active_hours': ('hours', 'active_hours', 'not is_backfilled'),
    'parity_hours': ('hours', 'parity_hours', 'true'),
    'meeting_hours': ('hours', 'meeting_hours', 'true'),
    'worked_hours': ('hours', 'worked_hours', 'not is_backfilled'),
    'active_cost': ('cost', 'active_cost', 'not is_backfilled'),
    'parity_cost': ('cost', 'parity_cost', 'true'),
} -%}

with incidents as (

    select
        population,
        incident_id,
        started_on
    from {{ ref('int_rootly__incident_populations') }}

),

detections as (

    select
        incident_id,
        declaration_lag_seconds,
        coalesce(lag_unknown_reason = 'backfilled', false) as is_backfilled
    from {{ ref('fct_incident_detection') }}

),

efforts as (

    select * from {{ ref('fct_incident_effort') }}

),

communications as (

    select * from {{ ref('int_rootly__incident_communications') }}

),

severities as (

    select * from {{ ref('int_rootly__severity_groups') }}

),

known as (

    select
        incidents.population,
        incidents.incident_id,
        incidents.started_on,
        detections.is_backfilled,
        detections.declaration_lag_seconds,
        communications.communication_lag_seconds,
        efforts.responder_count,
        efforts.active_hours,
        efforts.parity_hours,
        efforts.meeting_hours,
        efforts.worked_hours,
        efforts.active_cost,
        efforts.parity_cost
    from incidents
    inner join detections on incidents.incident_id = detections.incident_id
    inner join efforts on incidents.incident_id = efforts.incident_id
    left join communications on incidents.incident_id = communications.incident_id

),

measured as (
    {% for measure, (unit, amount, eligible) in measures.items() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        population,
        incident_id,
        started_on,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        {{ eligible }} as is_eligible,
        cast(case when {{ eligible }} then {{ amount }} end as {{ type_double() }}) as amount
    from known
    {%- endfor %}

),

grouped as (
    {% for period in periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        measured.population,
        '{{ period }}' as period,
        {{ period_start(period, 'measured.started_on') }} as period_start,
        severities.severity_id,
        severities.severity_name,
        measured.measure,
        measured.unit,
        count(*) as incident_count,
        count(case when measured.is_eligible then 1 end) as eligible_count,
        count(measured.amount) as n,
        sum(measured.amount) as total,
        {{ mean('measured.amount') }} as mean,
        {{ percentile('measured.amount', 0.5) }} as median,
        {{ percentile('measured.amount', 0.75) }} as p75,
        {{ percentile('measured.amount', 0.9) }} as p90
    from measured
    inner join severities on measured.incident_id = severities.incident_id
    group by
        measured.population,
        {{ period_start(period, 'measured.started_on') }},
        severities.severity_id,
        severities.severity_name,
        measured.measure,
        measured.unit
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
        grouped.measure,
        grouped.unit,
        grouped.incident_count,
        grouped.eligible_count,
        grouped.n,
        cast(grouped.n as {{ type_double() }}) / nullif(grouped.eligible_count, 0) as coverage,
        grouped.n < 5 as is_small_n,
        grouped.total,
        grouped.mean,
        grouped.median,
        grouped.p75,
        grouped.p90
    from grouped
    left join {{ ref('int_rootly__whole_periods') }} as whole_periods
        on
            grouped.period = whole_periods.period
            and grouped.period_start = whole_periods.period_start

)

select * from final
