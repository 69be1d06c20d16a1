{{ config(materialized='table') }}

-- One that was written down afterwards does not say that the others of its time were.
with incidents as (

    select started_on
    from {{ ref('int_rootly__incident_populations') }}
    where population = 'strict' and is_detection_eligible

),

days as (

    select distinct metric_date from {{ ref('int_rootly__metric_days') }}

),

final as (

    {{ whole_periods('incidents', 'days', 'incidents') }}

)

select * from final
