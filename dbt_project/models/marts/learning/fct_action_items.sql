with action_items as (

    select * from {{ ref('stg_rootly__action_items') }}

),

times as (

    select * from {{ ref('int_rootly__action_item_times') }}

),

-- An action item belongs to one incident; should the API ever link two, the first by id is kept.
links as (

    select
        action_item_id,
        min(incident_id) as incident_id
    from {{ ref('stg_rootly__incident_action_items') }}
    group by action_item_id

),

-- What was never an incident, or is none any more, leaves nobody anything to do.
left_out as (

    select incidents.incident_id
    from {{ ref('stg_rootly__incidents') }} as incidents
    inner join {{ ref('int_rootly__incident_durations') }} as durations
        on incidents.incident_id = durations.incident_id
    where incidents.is_deleted or not durations.is_response_incident

),

clock as (

    select {{ data_loaded_at('action_items') }} as data_loaded_at

),

measured as (

    select
        action_items.*,
        links.incident_id,
        left_out.incident_id is null as is_in_population,
        coalesce(times.is_closed, false) as is_closed,
        times.closed_at,
        times.closed_at_source,
        clock.data_loaded_at,
        {{ local_date('clock.data_loaded_at') }} as loaded_on,
        coalesce(action_items.status in ('open', 'in_progress'), false) as is_open
    from action_items
    cross join clock
    left join times on action_items.action_item_id = times.action_item_id
    left join links on action_items.action_item_id = links.action_item_id
    left join left_out on links.incident_id = left_out.incident_id

),

final as (

    select
        action_item_id,
        incident_id,
        summary,
        kind,
        priority,
        status,
        assigned_to_user_id,
        created_by_user_id,
        due_date,
        created_at,
        updated_at,
        {{ local_date('created_at') }} as created_on,
        closed_at,
        closed_at_source,
        is_open,
        is_closed,
        coalesce(is_open and due_date < loaded_on, false) as is_overdue,
        case
            when is_open and due_date < loaded_on then {{ days_from('due_date', 'loaded_on') }}
        end as days_overdue,
        case when is_open then {{ seconds_between('created_at', 'data_loaded_at') }} end
            as open_age_seconds,
        is_in_population,
        is_deleted
    from measured

)

select * from final
