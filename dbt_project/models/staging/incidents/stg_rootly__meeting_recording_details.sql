with source as (

    select * from {{ source('rootly', 'meeting_recording_details') }}

),

fields as (

    select
        id as meeting_recording_id,
        recordable_type,
        case when recordable_type = 'Incident' then recordable_id end as incident_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
