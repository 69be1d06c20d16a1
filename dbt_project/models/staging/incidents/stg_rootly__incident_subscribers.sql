with source as (

    select * from {{ source('rootly', 'incident_subscribers') }}

),

fields as (

    select
        incident_id,
        user_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
