with source as (

    select * from {{ source('rootly', 'alert_fields') }}

),

fields as (

    select
        id as alert_field_id,
        name as alert_field_name,
        slug,
        kind as alert_field_kind,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
