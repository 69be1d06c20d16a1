with source as (

    select * from {{ source('rootly', 'incident_feedbacks') }}

),

fields as (

    select
        id as incident_feedback_id,
        incident_id,
        rating,
        created_at
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
