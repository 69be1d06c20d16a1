with source as (

    select * from {{ source('rootly', 'incident_post_mortems') }}

),

fields as (

    select
        incident_id,
        post_mortem_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
