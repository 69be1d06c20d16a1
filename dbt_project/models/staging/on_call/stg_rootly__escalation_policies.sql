with source as (

    select * from {{ source('rootly', 'escalation_policies') }}

),

fields as (

    select
        id as escalation_policy_id,
        name as escalation_policy_name,
        repeat_count,
        {{ json_text('business_hours', ['time_zone']) }} as business_hours_time_zone,
        {{ json_text('business_hours', ['start_time']) }} as business_hours_start,
        {{ json_text('business_hours', ['end_time']) }} as business_hours_end,
        service_ids as service_ids_json,
        group_ids as team_ids_json,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
