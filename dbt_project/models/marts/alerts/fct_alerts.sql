with stamps as (

    select * from {{ ref('stg_rootly__alerts') }}

),

milestones as (

    select * from {{ ref('int_rootly__alert_milestones') }}

),

-- Pages and acknowledgements are in the events alone: without them nobody knows of any.
event_reading as (

    {{ was_read('alert_events', 'milestones', 'alert_id') }}

),

urgencies as (

    select * from {{ ref('stg_rootly__alert_urgencies') }}

),

clock as (

    select {{ data_loaded_at('alerts') }} as data_loaded_at

),

links as (

    select * from {{ ref('stg_rootly__incident_alerts') }}

),

link_reading as (

    {{ was_read('incident_alerts', 'links', 'alert_id') }}

),

-- Nobody converts an alert into a test, or into what turned out to be no incident.
attached as (

    select
        links.alert_id,
        count(distinct links.incident_id) as incident_count,
        count(
            case when durations.is_parity_kind and not durations.is_cancelled then 1 end
        ) > 0 as is_converted
    from links
    inner join {{ ref('stg_rootly__incidents') }} as incidents
        on links.incident_id = incidents.incident_id
    left join {{ ref('int_rootly__incident_durations') }} as durations
        on links.incident_id = durations.incident_id
    where not incidents.is_deleted
    group by links.alert_id

),

-- Members of a group are the same trouble as their leader: whichever is attached, the group led
-- to the incident.
converted_groups as (

    select
        coalesce(stamps.group_leader_alert_id, stamps.alert_id) as alert_id,
        count(case when attached.is_converted then 1 end) > 0 as is_converted
    from attached
    inner join stamps on attached.alert_id = stamps.alert_id
    group by coalesce(stamps.group_leader_alert_id, stamps.alert_id)

),

-- What became of an alert is unknown where the first read has not come back to it, nor a later one.
alerts as (

    select
        stamps.*,
        {{ was_read_at('coalesce(stamps.created_at, stamps.started_at)', 'event_reading') }}
            as are_events_known,
        {{ was_read_at('coalesce(stamps.created_at, stamps.started_at)', 'link_reading') }}
            as are_links_known
    from stamps
    cross join event_reading
    cross join link_reading

),

final as (

    select
        alerts.alert_id,
        alerts.short_id,
        alerts.summary,
        alerts.alert_source,
        alerts.status,
        alerts.noise,
        coalesce(alerts.noise in ('noise', 'not_noise'), false) as is_noise_known,
        alerts.alert_urgency_id,
        coalesce(urgencies.alert_urgency_name, alerts.alert_urgency_name) as alert_urgency_name,
        urgencies.urgency_level,
        alerts.is_group_leader,
        alerts.group_leader_alert_id,
        alerts.group_leader_alert_id is not null as is_group_member,
        alerts.deduplication_key,
        alerts.notification_target_type,
        alerts.notification_target_id,
        alerts.started_at,
        milestones.first_paged_at,
        milestones.first_acknowledged_at,
        milestones.first_acknowledged_by_user_id,
        alerts.ended_at,
        alerts.created_at,
        alerts.updated_at,
        {{ local_date('alerts.started_at') }} as started_on,
        {{ seconds_between('alerts.started_at', 'milestones.first_acknowledged_at') }}
            as acknowledge_time_seconds,
        {{ seconds_between('alerts.started_at', 'alerts.ended_at') }} as resolution_time_seconds,
        milestones.response_effort_seconds,
        case when alerts.are_events_known then milestones.first_acknowledged_at is not null end
            as is_acknowledged,
        case when alerts.are_events_known then milestones.first_paged_at is not null end
            as was_paged,
        coalesce(
            milestones.acknowledgement_count, case when alerts.are_events_known then 0 end
        ) as acknowledgement_count,
        milestones.escalation_level_reached,
        case
            when milestones.first_acknowledged_at is not null
                then milestones.escalation_level_reached = milestones.first_escalation_level
        end as stayed_at_first_level,
        coalesce(
            milestones.escalation_count, case when alerts.are_events_known then 0 end
        ) as escalation_count,
        coalesce(
            milestones.retrigger_count, case when alerts.are_events_known then 0 end
        ) as retrigger_count,
        case when alerts.are_links_known then coalesce(attached.incident_count, 0) end
            as incident_count,
        case
            when alerts.are_links_known and alerts.group_leader_alert_id is null
                then coalesce(converted_groups.is_converted, false)
        end as is_converted,
        coalesce(alerts.started_at >= {{ earliest_start() }}, false)
        and (
            clock.data_loaded_at is null
            or alerts.started_at <= {{ later('clock.data_loaded_at', 1, 'day') }}
        ) as has_plausible_start,
        alerts.is_deleted
    from alerts
    cross join clock
    -- One key each: a left join with a condition beside it compares every row with every other.
    left join milestones
        on case when alerts.are_events_known then alerts.alert_id end = milestones.alert_id
    left join urgencies on alerts.alert_urgency_id = urgencies.alert_urgency_id
    left join attached on alerts.alert_id = attached.alert_id
    left join converted_groups on alerts.alert_id = converted_groups.alert_id

)

select * from final
