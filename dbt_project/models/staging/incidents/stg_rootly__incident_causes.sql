with source as (

    select * from {{ source('rootly', 'incident_causes') }}

),

fields as (

    select
        incident_id,
        cause_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
