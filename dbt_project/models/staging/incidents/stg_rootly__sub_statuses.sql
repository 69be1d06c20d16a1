with source as (

    select * from {{ source('rootly', 'sub_statuses') }}

),

fields as (

    select
        id as sub_status_id,
        name as sub_status_name,
        parent_status,
        position as sub_status_position,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
