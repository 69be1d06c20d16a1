with services as (

    select * from {{ ref('stg_rootly__services') }}

),

final as (

    select
        service_id,
        service_name,
        slug,
        description,
        created_at,
        updated_at,
        is_deleted
    from services

)

select * from final
