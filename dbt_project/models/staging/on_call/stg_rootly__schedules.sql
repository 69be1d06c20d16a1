with source as (

    select * from {{ source('rootly', 'schedules') }}

),

fields as (

    select
        id as schedule_id,
        name as schedule_name,
        owner_group_ids as owner_team_ids_json,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
