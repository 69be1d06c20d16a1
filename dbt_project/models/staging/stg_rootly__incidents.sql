with source as (

    select * from {{ source('rootly', 'incidents') }}

),

fields as (

    select
        id as incident_id,
        sequential_id,
        title,
        slug,
        url,
        kind,
        status,
        source as reported_from,
        private as is_private,
        parent_incident_id,
        duplicate_incident_id,
        retrospective_progress_status,
        {{ nested_id(raw_column('user')) }} as created_by_user_id,
        {{ nested_id('started_by') }} as started_by_user_id,
        {{ nested_id('mitigated_by') }} as mitigated_by_user_id,
        {{ nested_id('resolved_by') }} as resolved_by_user_id,
        {{ nested_id('closed_by') }} as closed_by_user_id,
        {{ nested_id('severity') }} as severity_id,
        {{ nested_name('severity') }} as severity_name,
        services as services_json,
        {{ raw_column('groups') }} as teams_json,
        environments as environments_json,
        incident_types as incident_types_json,
        functionalities as functionalities_json,
        zoom_meeting_join_url as zoom_meeting_url,
        google_meeting_url,
        microsoft_teams_meeting_url,
        webex_meeting_url,
        in_triage_at,
        started_at,
        detected_at,
        acknowledged_at,
        mitigated_at,
        resolved_at,
        closed_at,
        cancelled_at,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
