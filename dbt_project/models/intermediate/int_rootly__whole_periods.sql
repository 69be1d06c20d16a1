{{ config(materialized='table') }}

with clock as (

    select {{ data_loaded_at('incidents') }} as data_loaded_at

),

-- One that was written down afterwards does not say that the others of its time were.
history as (

    select min(started_on) as read_since
    from {{ ref('int_rootly__incident_populations') }}
    where population = 'strict' and is_detection_eligible

),

days as (

    select distinct metric_date from {{ ref('int_rootly__metric_days') }}

),

periods as (
    {% for period in periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select distinct
        '{{ period }}' as period,
        {{ period_start(period, 'days.metric_date') }} as period_start,
        {{ period_start(period, local_date('clock.data_loaded_at')) }} as running_since
    from days
    cross join clock
    {%- endfor %}

),

final as (

    select
        periods.period,
        periods.period_start
    from periods
    cross join history
    where
        periods.period_start > history.read_since
        and periods.period_start < periods.running_since

)

select * from final
