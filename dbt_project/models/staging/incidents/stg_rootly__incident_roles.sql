with source as (

    select * from {{ source('rootly', 'incident_roles') }}

),

fields as (

    select
        id as incident_role_id,
        name as incident_role_name,
        slug,
        position as incident_role_position,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
