with source as (

    select * from {{ source('rootly', 'alert_notified_users') }}

),

fields as (

    select
        alert_id,
        user_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
