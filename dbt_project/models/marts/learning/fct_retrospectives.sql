with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

durations as (

    select * from {{ ref('int_rootly__incident_durations') }}

),

post_mortems as (

    select * from {{ ref('stg_rootly__post_mortems') }}
    where not is_deleted

),

links as (

    select * from {{ ref('stg_rootly__incident_post_mortems') }}

),

publications as (

    select
        item_id as post_mortem_id,
        min(changed_at) as published_at
    from {{ ref('stg_rootly__audits') }}
    where
        item_type = 'IncidentPostMortem'
        and {{ json_text_at('object_changes_json', 'status', 1) }} = 'published'
    group by item_id

),

rules as (

    select * from {{ ref('int_rootly__retrospective_rules') }}

),

clock as (

    select {{ data_loaded_at('incidents') }} as data_loaded_at

),

-- Should an incident have several: a published one, the oldest.
ranked as (

    select
        links.incident_id,
        post_mortems.post_mortem_id,
        post_mortems.status,
        post_mortems.created_at,
        post_mortems.updated_at,
        publications.published_at as audited_at,
        row_number() over (
            partition by links.incident_id
            order by
                case when post_mortems.status = 'published' then 0 else 1 end,
                post_mortems.created_at,
                post_mortems.post_mortem_id
        ) as place
    from links
    inner join post_mortems on links.post_mortem_id = post_mortems.post_mortem_id
    left join publications on post_mortems.post_mortem_id = publications.post_mortem_id

),

measured as (

    select
        incidents.incident_id,
        -- One that was re-opened is not resolved: its stamp is of the first time.
        case when not durations.is_reopened then incidents.resolved_at end as resolved_at,
        incidents.retrospective_progress_status as progress_status,
        ranked.post_mortem_id,
        ranked.status as post_mortem_status,
        ranked.created_at as post_mortem_created_at,
        case
            when ranked.status = 'published' then coalesce(ranked.audited_at, ranked.updated_at)
        end as published_at,
        case
            when coalesce(ranked.status, '') <> 'published' then null
            when ranked.audited_at is not null then 'audit'
            when ranked.updated_at is not null then 'last_change'
        end as published_at_source,
        case
            when
                ranked.status = 'published'
                or incidents.retrospective_progress_status = 'completed'
                then 'completed'
            when incidents.retrospective_progress_status = 'skipped' then 'skipped'
            when
                ranked.post_mortem_id is not null
                or incidents.retrospective_progress_status = 'active'
                then 'active'
            when incidents.retrospective_progress_status = 'not_started' then 'not_started'
            else 'unknown'
        end as retrospective_status,
        coalesce(rules.retrospective_rule, 'none') as retrospective_rule,
        durations.is_open,
        incidents.is_deleted,
        clock.data_loaded_at
    from incidents
    inner join durations on incidents.incident_id = durations.incident_id
    left join ranked on incidents.incident_id = ranked.incident_id and ranked.place = 1
    left join rules on incidents.incident_id = rules.incident_id
    cross join clock

),

dated as (

    select
        *,
        not is_open
        and retrospective_status in ('active', 'not_started')
        and retrospective_rule <> 'skip' as is_owed,
        {{ later('resolved_at', variable('rootly_retrospective_days'), 'day') }} as due_at
    from measured

),

final as (

    select
        incident_id,
        post_mortem_id,
        retrospective_status,
        progress_status,
        post_mortem_status,
        retrospective_rule,
        resolved_at,
        post_mortem_created_at,
        published_at,
        published_at_source,
        {{ seconds_between('resolved_at', 'published_at') }} as lag_seconds,
        coalesce(published_at < resolved_at, false) as is_published_before_resolution,
        coalesce(is_owed and due_at < data_loaded_at, false) as is_overdue,
        coalesce(is_owed and due_at >= data_loaded_at, false) as is_not_yet_due,
        is_deleted
    from dated

)

select * from final
