{{ config(materialized='table') }}

with events as (

    select
        *,
        action in ('escalation_policy_paged', 'paged', 'called', 'texted', 'notified') as is_page
    from {{ ref('stg_rootly__alert_events') }}

),

acknowledgements as (

    select
        alert_id,
        user_id,
        occurred_at,
        row_number() over (partition by alert_id order by occurred_at, alert_event_id) as place
    from events
    where action = 'acknowledged'

),

acknowledged as (

    select
        alert_id,
        min(occurred_at) as first_acknowledged_at,
        max(case when place = 1 then user_id end) as first_acknowledged_by_user_id,
        count(*) as acknowledgement_count
    from acknowledgements
    group by alert_id

),

-- An acknowledgement that runs out and a forced escalation retrigger, too: what was not over.
status_changes as (

    select
        alert_id,
        action,
        lag(action)
            over (partition by alert_id order by occurred_at, alert_event_id)
            as action_before
    from events
    where action in ('triggered', 'open', 'opened', 'acknowledged', 'resolved', 'retriggered')

),

retriggered as (

    select
        alert_id,
        count(*) as retrigger_count
    from status_changes
    where action = 'retriggered' and action_before = 'resolved'
    group by alert_id

),

efforts as (

    select
        alert_id,
        cast(
            sum({{ seconds_between('acknowledged_at', 'resolved_at') }}) as bigint
        ) as response_effort_seconds
    from {{ ref('int_rootly__alert_responses') }}
    group by alert_id

),

counted as (

    select
        events.alert_id,
        min(case when events.is_page then events.occurred_at end) as first_paged_at,
        -- Nothing says that levels are numbered from 1, or alike on every path: an alert's events
        -- tell where it began, also where that level was skipped.
        min(events.escalation_level) as first_escalation_level,
        -- Other events than pages carry a level too: one that was skipped, say, reached nobody.
        max(
            case
                when
                    events.is_page
                    and (
                        acknowledged.first_acknowledged_at is null
                        or events.occurred_at <= acknowledged.first_acknowledged_at
                    )
                    then events.escalation_level
            end
        ) as escalation_level_reached,
        count(case when events.action = 'escalated' then 1 end) as escalation_count
    from events
    left join acknowledged on events.alert_id = acknowledged.alert_id
    group by events.alert_id

),

final as (

    select
        counted.alert_id,
        counted.first_paged_at,
        acknowledged.first_acknowledged_at,
        acknowledged.first_acknowledged_by_user_id,
        coalesce(acknowledged.acknowledgement_count, 0) as acknowledgement_count,
        counted.first_escalation_level,
        counted.escalation_level_reached,
        counted.escalation_count,
        coalesce(retriggered.retrigger_count, 0) as retrigger_count,
        cast(efforts.response_effort_seconds as bigint) as response_effort_seconds
    from counted
    left join acknowledged on counted.alert_id = acknowledged.alert_id
    left join retriggered on counted.alert_id = retriggered.alert_id
    left join efforts on counted.alert_id = efforts.alert_id

)

select * from final
