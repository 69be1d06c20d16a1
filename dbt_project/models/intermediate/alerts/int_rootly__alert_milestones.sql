with events as (

    select * from {{ ref('stg_rootly__alert_events') }}

),

acknowledged as (

    select
        alert_id,
        min(occurred_at) as first_acknowledged_at,
        count(*) as acknowledgement_count
    from events
    where action = 'acknowledged'
    group by alert_id

),

-- The latest acknowledgement before each event; a second resolution without a new one has none.
in_order as (

    select
        alert_id,
        action,
        occurred_at,
        lag(action)
            over (partition by alert_id order by occurred_at, alert_event_id)
            as action_before,
        lag(occurred_at) over (partition by alert_id order by occurred_at, alert_event_id)
            as occurred_before
    from events
    where action in ('acknowledged', 'resolved')

),

efforts as (

    select
        alert_id,
        cast(
            sum({{ seconds_between('occurred_before', 'occurred_at') }}) as bigint
        ) as response_effort_seconds
    from in_order
    where action = 'resolved' and action_before = 'acknowledged'
    group by alert_id

),

counted as (

    select
        events.alert_id,
        min(
            case
                when
                    events.action in (
                        'escalation_policy_paged', 'paged', 'called', 'texted', 'notified'
                    )
                    then events.occurred_at
            end
        ) as first_paged_at,
        max(
            case
                when
                    acknowledged.first_acknowledged_at is null
                    or events.occurred_at <= acknowledged.first_acknowledged_at
                    then events.escalation_level
            end
        ) as escalation_level_reached,
        count(case when events.action = 'escalated' then 1 end) as escalation_count,
        count(case when events.action = 'retriggered' then 1 end) as retrigger_count
    from events
    left join acknowledged on events.alert_id = acknowledged.alert_id
    group by events.alert_id

),

final as (

    select
        counted.alert_id,
        counted.first_paged_at,
        acknowledged.first_acknowledged_at,
        coalesce(acknowledged.acknowledgement_count, 0) as acknowledgement_count,
        counted.escalation_level_reached,
        counted.escalation_count,
        counted.retrigger_count,
        cast(efforts.response_effort_seconds as bigint) as response_effort_seconds
    from counted
    left join acknowledged on counted.alert_id = acknowledged.alert_id
    left join efforts on counted.alert_id = efforts.alert_id

)

select * from final
