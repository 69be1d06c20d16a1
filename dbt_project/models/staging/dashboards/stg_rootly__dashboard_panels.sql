with source as (

    select * from {{ source('rootly', 'dashboard_panels') }}

),

fields as (

    select
        id as panel_id,
        dashboard_id,
        name as panel_name,
        params as params_json,
        data as data_json,
        _synced_at as read_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
