with source as (

    select * from {{ source('rootly', 'incident_types') }}

),

fields as (

    select
        id as incident_type_id,
        name as incident_type_name,
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
