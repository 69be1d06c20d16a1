with source as (

    select * from {{ source('rootly', 'heartbeats') }}

),

fields as (

    select
        id as heartbeat_id,
        name as heartbeat_name,
        enabled as is_enabled,
        status,
        {{ raw_column('interval') }} as interval_count,
        interval_unit,
        notification_target_type,
        notification_target_id,
        last_pinged_at,
        expires_at,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
