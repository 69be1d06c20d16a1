{{ config(materialized='table') }}

-- They are by when their incident started: their data begins with that of the incidents.
with incidents as (

    select started_on
    from {{ ref('int_rootly__incident_populations') }}
    where population = 'strict' and is_detection_eligible

),

days as (

    select distinct metric_date from {{ ref('int_rootly__metric_days') }}

),

final as (

    {{ whole_periods('post_mortems', 'days', 'incidents') }}

)

select * from final
