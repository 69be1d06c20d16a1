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
        {{ exact_seconds_between(
            'lag(occurred_at) over (partition by incident_id, user_id order by occurred_at)',
            'occurred_at'
        ) }} as seconds_since_previous
    from activities

),

-- Each activity adds its own length, or, where the next follows soon enough, the time up to that.
active as (

    select
        incident_id,
        count(distinct user_id) as active_person_count,
        count(*) as activity_count,
        sum(
            case
                when seconds_since_previous < {{ bridged_seconds }} then seconds_since_previous
                else {{ activity_seconds }}
            end
        ) / 3600.0 as active_hours
    from steps
    group by incident_id

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
        recordings.duration_minutes * recordings.speaker_count as spoken_minutes
    from recordings
    left join recording_details
        on recordings.meeting_recording_id = recording_details.meeting_recording_id
    left join own_meeting_urls
        on
            recordings.meeting_url = own_meeting_urls.meeting_url
            and recording_details.recordable_type is null

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
        {% if hourly_cost is none -%}
        cast(null as {{ type_double() }}) as active_cost,
        cast(null as {{ type_double() }}) as parity_cost,
        {%- else -%}
        cast(active_hours * {{ hourly_cost }} as {{ type_double() }}) as active_cost,
        cast(parity_hours * {{ hourly_cost }} as {{ type_double() }}) as parity_cost,
        {%- endif %}
        is_deleted
    from measured

)

select * from final
