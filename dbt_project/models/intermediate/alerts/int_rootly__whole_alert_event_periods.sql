{{ config(materialized='table') }}

with alert_events as (

    select {{ local_date('occurred_at') }} as started_on
    from {{ ref('stg_rootly__alert_events') }}
    where occurred_at >= {{ earliest_start() }}

),

bounds as (

    select
        min(started_on) as first_day,
        {{ local_date(data_loaded_at('alert_events')) }} as last_day
    from alert_events

),

days as (

    {{ days_between('first_day', 'last_day', 'bounds') }}

),

final as (

    {{ whole_periods('alert_events', 'days', 'alert_events') }}

)

select * from final
