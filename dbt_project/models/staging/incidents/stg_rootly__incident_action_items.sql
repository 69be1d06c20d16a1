with source as (

    select * from {{ source('rootly', 'incident_action_items') }}

),

fields as (

    select
        incident_id,
        action_item_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
