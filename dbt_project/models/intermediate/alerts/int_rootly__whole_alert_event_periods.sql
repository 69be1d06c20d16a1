{{ config(materialized='table') }}

with alert_events as (

    select {{ local_date('occurred_at') }} as started_on
    from {{ ref('stg_rootly__alert_events') }}
    where occurred_at >= {{ earliest_start() }}

),

days as (

    {{ days_until_sync('alert_events', 'alert_events') }}

),

final as (

    {{ whole_periods('alert_events', 'days', 'alert_events') }}

)

select * from final
