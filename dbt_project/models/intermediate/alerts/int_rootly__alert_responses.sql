{{ config(materialized='table') }}

with in_order as (

    select
        alert_id,
        action,
        user_id,
        occurred_at,
        lag(action)
            over (partition by alert_id order by occurred_at, alert_event_id)
            as action_before,
        lag(user_id)
            over (partition by alert_id order by occurred_at, alert_event_id)
            as user_id_before,
        lag(occurred_at) over (partition by alert_id order by occurred_at, alert_event_id)
            as occurred_before
    from {{ ref('stg_rootly__alert_events') }}
    where action in ('acknowledged', 'resolved')

),

-- The latest acknowledgement before a resolution; a second resolution without a new one has none.
final as (

    select
        alert_id,
        user_id_before as user_id,
        occurred_before as acknowledged_at,
        occurred_at as resolved_at
    from in_order
    where action = 'resolved' and action_before = 'acknowledged'

)

select * from final
