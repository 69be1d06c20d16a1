{{ config(materialized='table') }}

-- One that was written down afterwards does not say that the others of its time were.
with history as (

    select min(started_on) as read_since
    from {{ ref('int_rootly__incident_populations') }}
    where population = 'strict' and is_detection_eligible

),

days as (

    select distinct metric_date from {{ ref('int_rootly__metric_days') }}

),

final as (

    {{ whole_periods('incidents', 'days', 'history') }}

)

select * from final
