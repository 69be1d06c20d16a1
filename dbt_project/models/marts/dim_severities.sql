with severities as (

    select * from {{ ref('stg_rootly__severities') }}

),

final as (

    select
        severity_id,
        severity_name,
        slug,
        description,
        severity_level,
        severity_position,
        created_at,
        updated_at,
        is_deleted
    from severities

)

select * from final
