with source as (

    select * from {{ source('rootly', 'causes') }}

),

fields as (

    select
        id as cause_id,
        name as cause_name,
        slug,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
