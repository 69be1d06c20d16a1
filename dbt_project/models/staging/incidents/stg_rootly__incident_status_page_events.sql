with source as (

    select * from {{ source('rootly', 'incident_status_page_events') }}

),

fields as (

    select
        id as status_page_event_id,
        incident_id,
        status_page_id,
        status,
        started_at as published_at
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
