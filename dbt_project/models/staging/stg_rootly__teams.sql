with source as (

    select * from {{ source('rootly', 'teams') }}

),

fields as (

    select
        id as team_id,
        name as team_name,
        slug,
        description,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
