with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

days as (

    select * from {{ ref('int_rootly__metric_days') }}

),

metrics as (

    {{ grouped_incident_metrics('incidents', ['started_on', 'population']) }}

),

final as (

    select
        days.metric_date,
        days.population,
        {{ incident_metric_columns('metrics') }}
    from days
    left join metrics
        on days.metric_date = metrics.started_on and days.population = metrics.population

)

select * from final
