with source as (

    select * from {{ source('rootly', 'form_field_options') }}

),

fields as (

    select
        id as option_id,
        form_field_id,
        value as option_value,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
