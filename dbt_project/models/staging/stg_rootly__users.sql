with source as (

    select * from {{ source('rootly', 'users') }}

),

fields as (

    select
        id as user_id,
        full_name,
        email,
        time_zone,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
