with source as (

    select * from {{ source('rootly', 'dashboards') }}

),

fields as (

    select
        id as dashboard_id,
        name as dashboard_name,
        {{ raw_column('range') }} as range_text,
        period,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
