with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

days as (

    {{ days_until_sync('incidents', 'incidents') }}

),

final as (

    select
        days.metric_date,
        populations.population
    from days
    cross join ({{ population_names() }}) as populations

)

select * from final
