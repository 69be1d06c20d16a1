with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

durations as (

    select * from {{ ref('int_rootly__incident_durations') }}

),

severities as (

    select * from {{ ref('stg_rootly__severities') }}

),

final as (

    select
        incidents.incident_id,
        incidents.sequential_id,
        incidents.title,
        incidents.slug,
        incidents.url,
        incidents.kind,
        incidents.status,
        incidents.reported_from,
        incidents.is_private,
        incidents.severity_id,
        coalesce(severities.severity_name, incidents.severity_name) as severity_name,
        severities.severity_level,
        incidents.parent_incident_id,
        incidents.duplicate_incident_id,
        incidents.retrospective_progress_status,
        incidents.created_by_user_id,
        incidents.started_by_user_id,
        incidents.mitigated_by_user_id,
        incidents.resolved_by_user_id,
        incidents.in_triage_at,
        incidents.started_at,
        incidents.detected_at,
        incidents.acknowledged_at,
        incidents.mitigated_at,
        incidents.resolved_at,
        incidents.closed_at,
        incidents.cancelled_at,
        incidents.created_at,
        incidents.updated_at,
        durations.started_on,
        durations.detection_time_seconds,
        durations.acknowledge_time_seconds,
        durations.mitigation_time_seconds,
        durations.resolution_time_seconds,
        durations.parity_detection_time_seconds,
        durations.parity_acknowledge_time_seconds,
        durations.parity_mitigation_time_seconds,
        durations.parity_resolution_time_seconds,
        durations.incident_duration_seconds,
        durations.open_age_seconds,
        durations.mitigation_target_seconds,
        durations.is_mitigated_within_target,
        durations.is_parity_kind,
        durations.is_response_incident,
        durations.is_real_time,
        durations.is_top_level,
        durations.is_open,
        incidents.is_deleted,
        durations.has_plausible_start,
        durations.mitigation_is_inferred,
        durations.is_detection_time_valid,
        durations.is_acknowledge_time_valid,
        durations.is_mitigation_time_valid,
        durations.is_resolution_time_valid,
        durations.is_detection_time_negative,
        durations.is_acknowledge_time_negative,
        durations.is_mitigation_time_negative,
        durations.is_resolution_time_negative,
        durations.has_negative_interval,
        durations.has_future_milestone
    from incidents
    inner join durations on incidents.incident_id = durations.incident_id
    left join severities on incidents.severity_id = severities.severity_id

)

select * from final
