with source as (

    select * from {{ source('rootly', 'alert_urgencies') }}

),

fields as (

    select
        id as alert_urgency_id,
        name as alert_urgency_name,
        urgency as urgency_level,
        position as urgency_position,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
