with source as (

    select * from {{ source('rootly', 'audits') }}

),

fields as (

    select
        id as audit_id,
        event,
        item_type,
        item_id,
        object_changes as object_changes_json,
        cast(user_id as {{ type_text() }}) as user_id,
        created_at as changed_at
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
