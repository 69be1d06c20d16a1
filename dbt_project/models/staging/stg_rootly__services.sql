with source as (

    select * from {{ source('rootly', 'services') }}

),

fields as (

    select
        id as service_id,
        name as service_name,
        slug,
        description,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
