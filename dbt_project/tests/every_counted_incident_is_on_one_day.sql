{{ config(meta={'dagster': {'ref': {'name': 'incident_metrics_daily'}}}) }}

-- Incidents that the populations hold and incidents that the daily marts count must be as many.
with held as (

    select
        population,
        count(*) as incidents
    from {{ ref('int_rootly__incident_populations') }}
    group by population

),

counted as (

    select
        population,
        sum(incident_count) as incidents
    from {{ ref('incident_metrics_daily') }}
    group by population

)

select
    held.population,
    held.incidents as incidents_held,
    counted.incidents as incidents_counted
from held
left join counted on held.population = counted.population
where not {{ is_same('counted.incidents', 'held.incidents') }}
