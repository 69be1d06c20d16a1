with source as (

    select * from {{ source('rootly', 'shifts') }}

),

fields as (

    select
        id as shift_id,
        schedule_id,
        rotation_id,
        cast(user_id as {{ type_text() }}) as user_id,
        starts_at,
        ends_at,
        coalesce(is_override, false) as is_override,
        coalesce(is_shadow, false) as is_shadow
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
