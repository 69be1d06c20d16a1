with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

sub_statuses as (

    select * from {{ ref('stg_rootly__incident_sub_statuses') }}

),

audits as (

    select * from {{ ref('stg_rootly__audits') }}
    where item_type = 'Incident'

),

attached as (

    select * from {{ ref('stg_rootly__incident_alerts') }}

),

alert_events as (

    -- What Rootly did to a person (called, texted ...) is no activity of theirs.
    select * from {{ ref('stg_rootly__alert_events') }}
    where action in ('acknowledged', 'resolved', 'attached', 'escalated', 'snoozed')

),

links as (

    select * from {{ ref('stg_rootly__incident_action_items') }}

),

action_items as (

    select * from {{ ref('stg_rootly__action_items') }}

),

-- A union, so that one deed that two lists know of is one.
activities as (

    select
        incident_id,
        created_by_user_id as user_id,
        created_at as occurred_at
    from incidents
    {%- for milestone in ['mitigated', 'resolved', 'closed'] %}

    {{ union_distinct() }}

    select
        incident_id,
        {{ milestone }}_by_user_id as user_id,
        {{ milestone }}_at as occurred_at
    from incidents
    {%- endfor %}

    {{ union_distinct() }}

    select
        incident_id,
        assigned_by_user_id as user_id,
        assigned_at as occurred_at
    from sub_statuses

    {{ union_distinct() }}

    select
        item_id as incident_id,
        user_id,
        changed_at as occurred_at
    from audits

    {{ union_distinct() }}

    select
        attached.incident_id,
        alert_events.user_id,
        alert_events.occurred_at
    from attached
    inner join alert_events on attached.alert_id = alert_events.alert_id

    {{ union_distinct() }}

    select
        links.incident_id,
        action_items.created_by_user_id as user_id,
        action_items.created_at as occurred_at
    from links
    inner join action_items on links.action_item_id = action_items.action_item_id

),

final as (

    select
        incident_id,
        user_id,
        occurred_at
    from activities
    where incident_id is not null and user_id is not null and occurred_at is not null

)

select * from final
