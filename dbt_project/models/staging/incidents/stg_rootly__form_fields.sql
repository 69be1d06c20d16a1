with source as (

    select * from {{ source('rootly', 'form_fields') }}

),

fields as (

    select
        id as form_field_id,
        name as form_field_name,
        slug,
        kind as field_kind,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
