{#- In the order of an incident's life. Detection and acknowledgement are moments, not statuses. -#}
{%- set stamps = ['in_triage', 'started', 'mitigated', 'resolved', 'closed', 'cancelled'] -%}

with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

durations as (

    select * from {{ ref('int_rootly__incident_durations') }}

),

sub_statuses as (

    select * from {{ ref('stg_rootly__sub_statuses') }}

),

assignments as (

    select * from {{ ref('stg_rootly__incident_sub_statuses') }}
    where assigned_at is not null

),

clock as (

    select {{ data_loaded_at('incidents') }} as data_loaded_at

),

ordered as (

    select
        assignments.incident_id,
        assignments.sub_status_id,
        assignments.assigned_at,
        assignments.assigned_by_user_id,
        sub_statuses.sub_status_name,
        coalesce(sub_statuses.parent_status, 'unknown') as status,
        row_number() over (
            partition by assignments.incident_id
            order by
                assignments.assigned_at,
                coalesce(sub_statuses.sub_status_position, 0),
                assignments.incident_sub_status_id
        ) as place
    from assignments
    left join sub_statuses on assignments.sub_status_id = sub_statuses.sub_status_id

),

compared as (

    select
        *,
        lag(sub_status_id) over (partition by incident_id order by place) as previous_sub_status_id
    from ordered

),

entries as (

    -- The same sub-status assigned again while it holds is no new stay.
    select
        incident_id,
        'sub_statuses' as status_source,
        status,
        sub_status_id,
        sub_status_name,
        assigned_at as entered_at,
        assigned_by_user_id as entered_by_user_id,
        place
    from compared
    where place = 1 or not {{ is_same('sub_status_id', 'previous_sub_status_id') }}
    {%- for status in stamps %}

    union all

    select
        incidents.incident_id,
        'timestamps' as status_source,
        '{{ status }}' as status,
        cast(null as {{ type_text() }}) as sub_status_id,
        cast(null as {{ type_text() }}) as sub_status_name,
        incidents.{{ status }}_at as entered_at,
        cast(null as {{ type_text() }}) as entered_by_user_id,
        {{ loop.index }} as place
    from incidents
    where
        incidents.{{ status }}_at is not null
        {%- if status == 'mitigated' %}
        -- Rootly copies resolved_at when the step is skipped: nobody was in that status.
        and not {{ is_same('incidents.mitigated_at', 'incidents.resolved_at') }}
        {%- endif %}
        and not exists (
            select 1 from assignments
            where incidents.incident_id = assignments.incident_id
        )
    {%- endfor %}

),

stays as (

    select
        entries.*,
        row_number() over (
            partition by entries.incident_id order by entries.place
        ) as stay_number,
        row_number() over (
            partition by
                entries.incident_id, entries.status, coalesce(entries.sub_status_id, '')
            order by entries.place
        ) as visit_number,
        lead(entries.entered_at) over (
            partition by entries.incident_id order by entries.place
        ) as left_at
    from entries

),

final as (

    select
        stays.incident_id,
        stays.stay_number,
        stays.status,
        stays.sub_status_id,
        stays.sub_status_name,
        stays.status_source,
        stays.entered_by_user_id,
        stays.entered_at,
        stays.left_at,
        case
            when
                not coalesce(
                    stays.left_at > {{ later('clock.data_loaded_at', 1, 'day') }}, false
                )
                then {{ seconds_between('stays.entered_at', 'stays.left_at') }}
        end as seconds,
        case
            when
                stays.left_at is null
                and not (
                    durations.is_open and stays.status in ({{ words('rootly_ended_statuses') }})
                )
                then {{ seconds_between('stays.entered_at', 'clock.data_loaded_at') }}
        end as seconds_so_far,
        stays.visit_number,
        -- Without a history, a re-opened incident keeps the time of its resolution.
        stays.left_at is null
        and not (
            durations.is_open and stays.status in ({{ words('rootly_ended_statuses') }})
        ) as is_current,
        coalesce(stays.left_at < stays.entered_at, false) as is_out_of_order,
        incidents.is_deleted
    from stays
    inner join incidents on stays.incident_id = incidents.incident_id
    inner join durations on stays.incident_id = durations.incident_id
    cross join clock

)

select * from final
