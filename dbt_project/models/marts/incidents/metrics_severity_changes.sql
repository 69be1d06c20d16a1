with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

severities as (

    select * from {{ ref('int_rootly__severity_groups') }}

),

audits as (

    select item_id as incident_id
    from {{ ref('stg_rootly__audits') }}
    where item_type = 'Incident' and item_id is not null

),

-- A first read goes backwards: of what happened before where it has come to, audits tell a part.
reading as (

    {{ was_read('audits', 'audits', 'incident_id') }}

),

audited as (

    select distinct incident_id
    from audits

),

changes as (

    select
        incident_id,
        max(case when direction = 'raised' then 1 else 0 end) as is_raised,
        max(case when direction = 'lowered' then 1 else 0 end) as is_lowered,
        min(seconds_after_start) as seconds_to_first_change
    from {{ ref('fct_severity_changes') }}
    where is_reclassification
    group by incident_id

),

measured as (

    select
        incidents.population,
        incidents.started_on,
        severities.severity_id,
        severities.severity_name,
        audited.incident_id as audited_incident_id,
        changes.incident_id as changed_incident_id,
        changes.is_raised,
        changes.is_lowered,
        changes.seconds_to_first_change
    from incidents
    cross join reading
    inner join severities on incidents.incident_id = severities.incident_id
    -- One key each: a left join with a condition beside it compares every row with every other.
    left join audited
        on
            case
                when {{ was_read_at('incidents.started_at', 'reading') }} then incidents.incident_id
            end = audited.incident_id
    left join changes on audited.incident_id = changes.incident_id

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
        count(*) as incident_count,
        count(audited_incident_id) as n,
        count(changed_incident_id) as reclassified_count,
        count(case when is_raised = 1 then 1 end) as raised_count,
        count(case when is_lowered = 1 then 1 end) as lowered_count,
        {{ percentile('seconds_to_first_change', 0.5) }} as median_seconds_to_first_change
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
        grouped.incident_count,
        grouped.n,
        cast(grouped.n as {{ type_double() }}) / grouped.incident_count as coverage,
        grouped.n < 5 as is_small_n,
        case when grouped.n > 0 then grouped.reclassified_count end as reclassified_count,
        case when grouped.n > 0 then grouped.raised_count end as raised_count,
        case when grouped.n > 0 then grouped.lowered_count end as lowered_count,
        cast(grouped.reclassified_count as {{ type_double() }}) / nullif(grouped.n, 0)
            as reclassified_share,
        grouped.median_seconds_to_first_change
    from grouped
    left join {{ ref('int_rootly__whole_periods') }} as whole_periods
        on
            grouped.period = whole_periods.period
            and grouped.period_start = whole_periods.period_start

)

select * from final
