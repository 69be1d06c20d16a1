with source as (

    select * from {{ source('rootly', 'severities') }}

),

fields as (

    select
        id as severity_id,
        name as severity_name,
        slug,
        description,
        severity as severity_level,
        position as severity_position,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
