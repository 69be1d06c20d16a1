{%- set activity_seconds = variable('rootly_activity_minutes') * 60 -%}
{%- set bridged_seconds = activity_seconds + variable('rootly_activity_gap_minutes') * 60 -%}
{%- set hourly_cost = variable('rootly_hourly_cost') -%}

with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

workers as (

    select
        incident_id,
        count(*) as worker_count
    from {{ ref('int_rootly__incident_workers') }}
    group by incident_id

),

responders as (

    select
        incident_id,
        count(*) as responder_count
    from {{ ref('fct_incident_responders') }}
    group by incident_id

),

activities as (

    select * from {{ ref('int_rootly__incident_activities') }}

),

recordings as (

    select * from {{ ref('stg_rootly__meeting_recordings') }}

),

recording_details as (

    select * from {{ ref('stg_rootly__meeting_recording_details') }}

),

steps as (

    select
        incident_id,
        user_id,
        occurred_at,
        lag(occurred_at) over (
            partition by incident_id, user_id order by occurred_at
        ) as previous_at,
        {{ exact_seconds_between(
            'lag(occurred_at) over (partition by incident_id, user_id order by occurred_at)',
            'occurred_at'
        ) }} as seconds_since_previous
    from activities

),

-- Each activity adds its own length, or, where it follows soon enough, the time since the one
-- before it.
spans as (

    select
        incident_id,
        user_id,
        case
            when seconds_since_previous < {{ bridged_seconds }}
                then {{ later('previous_at', activity_seconds, 'second') }}
            else occurred_at
        end as starts_at,
        {{ later('occurred_at', activity_seconds, 'second') }} as ends_at,
        case
            when seconds_since_previous < {{ bridged_seconds }} then seconds_since_previous
            else {{ activity_seconds }}
        end as active_seconds
    from steps

),

meeting_urls as (
    {% for tool in ['zoom', 'google', 'microsoft_teams', 'webex'] %}
    {%- if not loop.first %}

    {{ union_distinct() }}
    {% endif %}
    select
        incident_id,
        {{ tool }}_meeting_url as meeting_url
    from incidents
    where {{ tool }}_meeting_url <> ''
    {%- endfor %}

),

-- A standing bridge that serves many incidents says nothing of any one of them.
own_meeting_urls as (

    select
        meeting_url,
        min(incident_id) as incident_id
    from meeting_urls
    group by meeting_url
    having count(*) = 1

),

-- Asked for by itself, a recording says what it was of; where it does not say, its address may.
linked_recordings as (

    select
        coalesce(recording_details.incident_id, own_meeting_urls.incident_id) as incident_id,
        recordings.started_at,
        recordings.ended_at,
        recordings.duration_minutes * recordings.speaker_count as spoken_minutes
    from recordings
    left join recording_details
        on recordings.meeting_recording_id = recording_details.meeting_recording_id
    -- One key each: a left join with a condition beside it compares every row with every other.
    left join own_meeting_urls
        on
            case when recording_details.recordable_type is null then recordings.meeting_url end
            = own_meeting_urls.meeting_url

),

-- Who did something during a recorded meeting most likely was in it: that time is among its hours.
in_meetings as (

    select
        spans.incident_id,
        spans.user_id,
        spans.ends_at,
        sum({{ seconds_in_common(
            'spans.starts_at',
            'spans.ends_at',
            'linked_recordings.started_at',
            'linked_recordings.ended_at',
        ) }}) as met_seconds
    from spans
    inner join linked_recordings on spans.incident_id = linked_recordings.incident_id
    where
        linked_recordings.started_at is not null
        and linked_recordings.ended_at is not null
        and linked_recordings.spoken_minutes is not null
    group by spans.incident_id, spans.user_id, spans.ends_at

),

active as (

    select
        spans.incident_id,
        count(distinct spans.user_id) as active_person_count,
        count(*) as activity_count,
        sum(spans.active_seconds) / 3600.0 as active_hours,
        sum(
            case
                when in_meetings.met_seconds is null then spans.active_seconds
                when in_meetings.met_seconds < spans.active_seconds
                    then spans.active_seconds - in_meetings.met_seconds
                else 0
            end
        ) / 3600.0 as hours_outside_meetings
    from spans
    left join in_meetings
        on
            spans.incident_id = in_meetings.incident_id
            and spans.user_id = in_meetings.user_id
            and spans.ends_at = in_meetings.ends_at
    group by spans.incident_id

),

meetings as (

    select
        incident_id,
        sum(spoken_minutes) / 60.0 as meeting_hours
    from linked_recordings
    where incident_id is not null
    group by incident_id

),

measured as (

    select
        incidents.incident_id,
        incidents.started_at,
        coalesce(responders.responder_count, 0) as responder_count,
        active.activity_count,
        active.active_person_count,
        case
            when workers.worker_count is not null
                then
                    workers.worker_count
                    * {{ exact_seconds_between('incidents.started_at', 'incidents.resolved_at') }}
                    / 3600.0
        end as parity_hours,
        -- Of a backfilled incident, the times say when it was written down.
        case when coalesce(incidents.kind, '') <> 'backfilled' then active.active_hours end
            as active_hours,
        meetings.meeting_hours,
        case
            when
                coalesce(incidents.kind, '') <> 'backfilled'
                and (active.incident_id is not null or meetings.meeting_hours is not null)
                then
                    coalesce(active.hours_outside_meetings, 0)
                    + coalesce(meetings.meeting_hours, 0)
        end as worked_hours,
        incidents.is_deleted
    from incidents
    left join workers on incidents.incident_id = workers.incident_id
    left join responders on incidents.incident_id = responders.incident_id
    left join active on incidents.incident_id = active.incident_id
    left join meetings on incidents.incident_id = meetings.incident_id

),

final as (

    select
        incident_id,
        started_at,
        responder_count,
        coalesce(activity_count, 0) as activity_count,
        coalesce(active_person_count, 0) as active_person_count,
        cast(parity_hours as {{ type_double() }}) as parity_hours,
        cast(active_hours as {{ type_double() }}) as active_hours,
        cast(meeting_hours as {{ type_double() }}) as meeting_hours,
        cast(worked_hours as {{ type_double() }}) as worked_hours,
        {% if hourly_cost is none -%}
        cast(null as {{ type_double() }}) as active_cost,
        cast(null as {{ type_double() }}) as parity_cost,
        {%- else -%}
        cast(worked_hours * {{ hourly_cost }} as {{ type_double() }}) as active_cost,
        cast(parity_hours * {{ hourly_cost }} as {{ type_double() }}) as parity_cost,
        {%- endif %}
        is_deleted
    from measured

)

select * from final
