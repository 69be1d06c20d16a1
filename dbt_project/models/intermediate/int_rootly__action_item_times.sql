with action_items as (

    select * from {{ ref('stg_rootly__action_items') }}

),

audits as (

    select
        item_id as action_item_id,
        changed_at,
        {{ json_text_at('object_changes_json', 'status', 1) }} as to_status,
        coalesce(
            {{ json_text_at('object_changes_json', 'assigned_to_user_id', 1) }},
            {{ json_text_at('object_changes_json', 'assigned_to_id', 1) }}
        ) as to_user_id
    from {{ ref('stg_rootly__audits') }}
    where item_type = 'IncidentActionItem'

),

audited as (

    select
        action_item_id,
        max(case when to_status in ('done', 'cancelled') then changed_at end) as closed_at,
        min(case when to_user_id is not null then changed_at end) as assigned_at
    from audits
    group by action_item_id

),

team_items as (

    {{ json_items('action_items', ['action_item_id'], 'assigned_to_team_ids_json') }}

),

team_assigned as (

    select distinct action_item_id
    from team_items

),

final as (

    select
        action_items.action_item_id,
        coalesce(action_items.status in ('done', 'cancelled'), false) as is_closed,
        case
            when action_items.status in ('done', 'cancelled')
                then coalesce(audited.closed_at, action_items.updated_at)
        end as closed_at,
        case
            when coalesce(action_items.status, '') not in ('done', 'cancelled') then null
            when audited.closed_at is not null then 'audit'
            when action_items.updated_at is not null then 'last_change'
        end as closed_at_source,
        action_items.assigned_to_user_id is not null
        or team_assigned.action_item_id is not null as is_assigned,
        case
            when
                action_items.assigned_to_user_id is not null
                or team_assigned.action_item_id is not null
                then coalesce(audited.assigned_at, action_items.updated_at)
        end as assigned_at,
        case
            when
                action_items.assigned_to_user_id is null
                and team_assigned.action_item_id is null
                then null
            when audited.assigned_at is not null then 'audit'
            when action_items.updated_at is not null then 'last_change'
        end as assigned_at_source
    from action_items
    left join audited on action_items.action_item_id = audited.action_item_id
    left join team_assigned on action_items.action_item_id = team_assigned.action_item_id

)

select * from final
