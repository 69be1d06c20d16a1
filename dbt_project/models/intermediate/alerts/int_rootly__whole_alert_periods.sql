{{ config(materialized='table') }}

with alerts as (

    select started_on
    from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

days as (

    select distinct started_on as metric_date from alerts

),

final as (

    {{ whole_periods('alerts', 'days', 'alerts') }}

)

select * from final
