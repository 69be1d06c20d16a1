with source as (

    select * from {{ source('rootly', 'slas') }}

),

fields as (

    select
        id as sla_id,
        name as sla_name,
        position as sla_position,
        entity_type,
        condition_match_type,
        conditions as conditions_json,
        assignment_deadline_days,
        assignment_deadline_parent_status,
        assignment_deadline_sub_status_id,
        coalesce(assignment_skip_weekends, false) as assignment_skip_weekends,
        completion_deadline_days,
        completion_deadline_parent_status,
        completion_deadline_sub_status_id,
        coalesce(completion_skip_weekends, false) as completion_skip_weekends,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
