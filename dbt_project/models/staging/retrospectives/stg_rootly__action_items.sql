with source as (

    select * from {{ source('rootly', 'action_items') }}

),

fields as (

    select
        id as action_item_id,
        summary,
        kind,
        priority,
        status,
        {{ nested_id('assigned_to') }} as assigned_to_user_id,
        assigned_to_group_ids as assigned_to_team_ids_json,
        {{ nested_id('created_by') }} as created_by_user_id,
        due_date,
        jira_issue_key,
        created_at,
        updated_at,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
