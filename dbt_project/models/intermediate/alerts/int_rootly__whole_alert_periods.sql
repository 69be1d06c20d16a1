{{ config(materialized='table') }}

with alerts as (

    select * from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

reading as (

    {{ was_read('alerts', 'alerts', 'alert_id') }}

),

-- A first read goes backwards: an alert of before where it has come to was sent late, and says
-- nothing of others.
history as (

    select
        case
            when min(alerts.started_on) < {{ local_date('max(reading.back_to)') }}
                then {{ local_date('max(reading.back_to)') }}
            else min(alerts.started_on)
        end as read_since
    from alerts
    cross join reading

),

days as (

    select distinct started_on as metric_date from alerts

),

final as (

    {{ whole_periods('alerts', 'days', 'history') }}

)

select * from final
