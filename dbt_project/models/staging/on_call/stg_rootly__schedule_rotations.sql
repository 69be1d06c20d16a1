with source as (

    select * from {{ source('rootly', 'schedule_rotations') }}

),

fields as (

    select
        id as rotation_id,
        schedule_id,
        name as rotation_name,
        time_zone,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
