with source as (

    select * from {{ source('rootly', 'alert_services') }}

),

fields as (

    select
        alert_id,
        service_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
