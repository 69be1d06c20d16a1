with source as (

    select * from {{ source('rootly', 'incident_alerts') }}

),

fields as (

    select
        incident_id,
        alert_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
