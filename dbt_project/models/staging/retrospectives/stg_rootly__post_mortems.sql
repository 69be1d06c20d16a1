with source as (

    select * from {{ source('rootly', 'post_mortems') }}

),

fields as (

    select
        id as post_mortem_id,
        title,
        status,
        url,
        started_at,
        mitigated_at,
        resolved_at,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
