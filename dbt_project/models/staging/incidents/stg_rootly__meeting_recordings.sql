with source as (

    select * from {{ source('rootly', 'meeting_recordings') }}

),

fields as (

    select
        id as meeting_recording_id,
        meeting_url,
        started_at,
        ended_at,
        duration_minutes,
        speaker_count
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
