with source as (

    select * from {{ source('rootly', '_rootly_sync') }}

),

fields as (

    select
        table_name,
        back_to,
        synced_at
    from source

),

final as (

    select * from fields

)

select * from final
