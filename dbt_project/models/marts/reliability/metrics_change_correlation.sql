with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

with_service as (

    select distinct incident_id
    from {{ ref('int_rootly__incident_dimensions') }}
    where dimension = 'service'

),

pulses as (

    select * from {{ ref('stg_rootly__pulses') }}

),

-- Before the first change was announced, none could be found.
first_pulse as (

    select min(occurred_at) as first_pulse_at
    from pulses

),

-- Nor could it after the last sync of changes, or before what their first read has come back to.
reading as (

    {{ was_read('pulses', 'pulses', 'pulse_id') }}

),

windows as (

    select distinct
        incident_id,
        compared_window
    from {{ ref('int_rootly__change_windows') }}

),

measured as (

    select
        incidents.population,
        incidents.started_on,
        with_service.incident_id is not null
        and coalesce(incidents.started_at >= first_pulse.first_pulse_at, false)
        and {{ was_read_at('incidents.started_at', 'reading') }} as is_eligible,
        with_service.incident_id is not null
        and coalesce(
            incidents.started_at >= {{ later('first_pulse.first_pulse_at', 7, 'day') }}, false
        )
        and {{ was_read_at(later('incidents.started_at', -7, 'day'), 'reading') }}
            as is_week_before_eligible,
        before_start.incident_id is not null as is_correlated,
        week_before.incident_id is not null as is_week_before_correlated
    from incidents
    cross join first_pulse
    cross join reading
    left join with_service on incidents.incident_id = with_service.incident_id
    left join windows as before_start
        on
            incidents.incident_id = before_start.incident_id
            and before_start.compared_window = 'before_start'
    left join windows as week_before
        on
            incidents.incident_id = week_before.incident_id
            and week_before.compared_window = 'week_before'

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
