with source as (

    select * from {{ source('rootly', 'incident_sub_statuses') }}

),

fields as (

    select
        id as incident_sub_status_id,
        incident_id,
        sub_status_id,
        assigned_at,
        cast(assigned_by_user_id as {{ type_text() }}) as assigned_by_user_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
