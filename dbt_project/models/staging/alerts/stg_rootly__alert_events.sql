with source as (

    select * from {{ source('rootly', 'alert_events') }}

),

fields as (

    select
        id as alert_event_id,
        alert_id,
        kind as event_kind,
        action,
        source as event_source,
        coalesce(cast(user_id as {{ type_text() }}), {{ nested_id(raw_column('user')) }})
            as user_id,
        escalation_level,
        case
            when
                escalation_target_type = 'EscalationPolicy'
                then {{ nested_id('escalation_target') }}
        end
            as escalation_policy_id,
        {{ nested_id('schedule') }} as schedule_id,
        incident_ids as incident_ids_json,
        created_at as occurred_at
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
