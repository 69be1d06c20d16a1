with source as (

    select * from {{ source('rootly', 'environments') }}

),

fields as (

    select
        id as environment_id,
        name as environment_name,
        slug,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
