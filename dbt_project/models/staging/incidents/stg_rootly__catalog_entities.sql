with source as (

    select * from {{ source('rootly', 'catalog_entities') }}

),

fields as (

    select
        id as catalog_entity_id,
        catalog_id,
        name as catalog_entity_name,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
