with source as (

    select * from {{ source('rootly', 'alerts') }}

),

fields as (

    select
        id as alert_id,
        short_id,
        summary,
        source as alert_source,
        status,
        noise,
        coalesce(alert_urgency_id, {{ nested_id('alert_urgency') }}) as alert_urgency_id,
        {{ nested_name('alert_urgency') }} as alert_urgency_name,
        group_leader_alert_id,
        coalesce(is_group_leader_alert, false) as is_group_leader,
        deduplication_key,
        notification_target_type,
        notification_target_id,
        environments as environments_json,
        functionalities as functionalities_json,
        alert_field_values as alert_field_values_json,
        labels as labels_json,
        started_at,
        ended_at,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
