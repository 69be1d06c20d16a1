with source as (

    select * from {{ source('rootly', 'incident_role_assignments') }}

),

fields as (

    select
        id as assignment_id,
        incident_id,
        {{ nested_id('incident_role') }} as incident_role_id,
        {{ nested_id(raw_column('user')) }} as user_id,
        coalesce(
            {{ json_text(raw_column('user'), ['data', 'attributes', 'full_name']) }},
            {{ json_text(raw_column('user'), ['full_name']) }},
            {{ nested_name(raw_column('user')) }}
        ) as user_name
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
