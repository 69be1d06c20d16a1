with users as (

    select * from {{ ref('stg_rootly__users') }}

),

final as (

    select
        user_id,
        full_name,
        email,
        time_zone,
        created_at,
        updated_at,
        is_deleted
    from users

)

select * from final
