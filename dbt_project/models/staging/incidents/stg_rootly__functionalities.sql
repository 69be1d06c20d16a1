with source as (

    select * from {{ source('rootly', 'functionalities') }}

),

fields as (

    select
        id as functionality_id,
        name as functionality_name,
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
