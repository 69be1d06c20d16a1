with audits as (

    select * from {{ ref('stg_rootly__audits') }}
    where item_type = 'Incident'

),

incidents as (

    select
        stamps.incident_id,
        stamps.started_at,
        -- One that was re-opened is not resolved: its stamp is of the first time.
        case when not durations.is_reopened then stamps.resolved_at end as resolved_at,
        stamps.is_deleted
    from {{ ref('stg_rootly__incidents') }} as stamps
    inner join {{ ref('int_rootly__incident_durations') }} as durations
        on stamps.incident_id = durations.incident_id

),

severities as (

    select
        severity_id,
        severity_name,
        severity_position,
        case severity_level
            when 'critical' then 1
            when 'high' then 2
            when 'medium' then 3
            when 'low' then 4
        end as severity_rank
    from {{ ref('stg_rootly__severities') }}

),

changes as (

    select
        audit_id,
        item_id as incident_id,
        user_id,
        changed_at,
        {{ json_text_at('object_changes_json', 'severity_id', 0) }} as from_severity_id,
        {{ json_text_at('object_changes_json', 'severity_id', 1) }} as to_severity_id
    from audits

),

final as (

    select
        cast(changes.audit_id as {{ type_text() }}) as audit_id,
        changes.incident_id,
        changes.changed_at,
        changes.user_id as changed_by_user_id,
        changes.from_severity_id,
        earlier.severity_name as from_severity_name,
        changes.to_severity_id,
        later.severity_name as to_severity_name,
        case
            when changes.from_severity_id is null then 'set'
            when changes.to_severity_id is null then 'removed'
            when later.severity_rank < earlier.severity_rank then 'raised'
            when later.severity_rank > earlier.severity_rank then 'lowered'
            when later.severity_position < earlier.severity_position then 'raised'
            when later.severity_position > earlier.severity_position then 'lowered'
            else 'unknown'
        end as direction,
        changes.from_severity_id is not null
        and changes.to_severity_id is not null as is_reclassification,
        {{ seconds_between('incidents.started_at', 'changes.changed_at') }} as seconds_after_start,
        coalesce(changes.changed_at < incidents.started_at, false) as is_before_start,
        coalesce(changes.changed_at > incidents.resolved_at, false) as is_after_resolution,
        coalesce(incidents.is_deleted, true) as is_deleted
    from changes
    left join incidents on changes.incident_id = incidents.incident_id
    left join severities as earlier on changes.from_severity_id = earlier.severity_id
    left join severities as later on changes.to_severity_id = later.severity_id
    where not {{ is_same('changes.from_severity_id', 'changes.to_severity_id') }}

)

select * from final
