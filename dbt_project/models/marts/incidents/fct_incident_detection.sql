{#- An alert that made the incident is attached within seconds; later, somebody did it by hand. -#}
{%- set attachment_seconds = 60 -%}

with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

alerts as (

    select
        alert_id,
        alert_source,
        -- One in 1970 is a slip of the sender's, and would be the first of all.
        case when has_plausible_start then started_at end as started_at
    from {{ ref('fct_alerts') }}

),

attached as (

    select * from {{ ref('stg_rootly__incident_alerts') }}

),

-- Without On-Call, or with a key that may not read alerts, nobody knows what they detected. Nor of
-- what was declared after their last sync, or before what their first read has come back to.
reading as (

    {{ was_read('alerts', 'alerts', 'alert_id') }}

),

link_reading as (

    {{ was_read('incident_alerts', 'attached', 'alert_id') }}

),

attachment_events as (

    select
        alert_id,
        incident_ids_json,
        occurred_at
    from {{ ref('stg_rootly__alert_events') }}
    where action = 'attached'

),

attachment_items as (

    {{ json_items('attachment_events', ['alert_id', 'occurred_at'], 'incident_ids_json') }}

),

attachments as (

    select
        alert_id,
        {{ nested_id('item') }} as incident_id,
        min(occurred_at) as attached_at
    from attachment_items
    group by alert_id, {{ nested_id('item') }}

),

ranked as (

    select
        attached.incident_id,
        attached.alert_id,
        alerts.alert_source,
        alerts.started_at,
        attachments.attached_at,
        count(*) over (partition by attached.incident_id) as attached_alert_count,
        count(alerts.started_at) over (partition by attached.incident_id) as known_start_count,
        row_number() over (
            partition by attached.incident_id
            order by
                case when alerts.started_at is null then 1 else 0 end,
                alerts.started_at,
                attached.alert_id
        ) as place
    from attached
    left join alerts on attached.alert_id = alerts.alert_id
    left join attachments
        on
            attached.alert_id = attachments.alert_id
            and attached.incident_id = attachments.incident_id

),

measured as (

    select
        incidents.incident_id,
        incidents.started_at,
        incidents.created_at,
        incidents.reported_from,
        incidents.created_by_user_id,
        incidents.is_deleted,
        coalesce(incidents.kind = 'backfilled', false) as is_backfilled,
        ranked.alert_id as first_alert_id,
        ranked.alert_source as first_alert_source,
        ranked.started_at as first_alert_started_at,
        ranked.attached_at as first_alert_attached_at,
        reading.was_read,
        {{ was_read_at('incidents.created_at', 'reading') }}
        and {{ was_read_at('incidents.created_at', 'link_reading') }} as are_alerts_known,
        coalesce(
            ranked.attached_alert_count,
            case
                when
                    reading.was_read
                    and {{ was_read_at('incidents.created_at', 'link_reading') }}
                    then 0
            end
        ) as attached_alert_count,
        coalesce(ranked.known_start_count < ranked.attached_alert_count, false)
            as has_unknown_start,
        coalesce(ranked.started_at <= incidents.created_at, false) as is_alert_first
    from incidents
    cross join reading
    cross join link_reading
    left join ranked on incidents.incident_id = ranked.incident_id and ranked.place = 1

),

final as (

    select
        incident_id,
        started_at,
        created_at,
        attached_alert_count,
        first_alert_id,
        first_alert_source,
        first_alert_started_at,
        first_alert_attached_at,
        case
            when is_backfilled then null
            when is_alert_first then 'alert:' || coalesce(first_alert_source, 'unknown')
            when was_read and has_unknown_start then 'unknown'
            when reported_from <> '' then reported_from
            when created_by_user_id is not null and are_alerts_known then 'manual'
            else 'unknown'
        end as detection_source,
        case
            when is_backfilled or not are_alerts_known then null
            when is_alert_first then true
            when not has_unknown_start then false
        end as is_detected_by_alert,
        case
            when not is_backfilled
                then {{ seconds_between('first_alert_started_at', 'created_at') }}
        end as declaration_lag_seconds,
        case
            when is_backfilled then 'backfilled'
            when created_at is null then 'no_creation_time'
            when is_alert_first then null
            when not are_alerts_known then 'alerts_not_read'
            when attached_alert_count = 0 then 'no_alert'
            when has_unknown_start then 'no_alert_start'
            else 'alert_after_declaration'
        end as lag_unknown_reason,
        {{ seconds_between('created_at', 'first_alert_attached_at') }} > {{ attachment_seconds }}
            as is_alert_attached_later,
        is_deleted
    from measured

)

select * from final
