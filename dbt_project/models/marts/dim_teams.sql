with teams as (

    select * from {{ ref('stg_rootly__teams') }}

),

final as (

    select
        team_id,
        team_name,
        slug,
        description,
        created_at,
        updated_at,
        is_deleted
    from teams

)

select * from final
