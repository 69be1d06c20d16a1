{{ config(materialized='table') }}

{%- set dimensions = ['service', 'team', 'source', 'urgency', 'escalation_policy', 'responder'] -%}

with alerts as (

    select * from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

links as (

    select * from {{ ref('int_rootly__alert_dimensions') }}
    where
        dimension in (
            {%- for dimension in dimensions %}
            '{{ dimension }}'{{ ',' if not loop.last }}
            {%- endfor %}
        )

),

-- Whom they reached, answered or not: who answers alone would have answered all.
pages as (

    select distinct
        events.alert_id,
        events.user_id
    from {{ ref('stg_rootly__alert_events') }} as events
    inner join alerts on events.alert_id = alerts.alert_id
    where
        events.event_kind = 'notification'
        and events.action in ({{ words('rootly_interrupting_actions') }})
        and events.user_id is not null

),

paged as (

    select distinct alert_id from pages

),

named as (

    select
        links.alert_id,
        links.dimension,
        links.member_id,
        links.member_name
    from links
    inner join alerts on links.alert_id = alerts.alert_id

    union all

    select
        alerts.alert_id,
        'acknowledger' as dimension,
        alerts.first_acknowledged_by_user_id as member_id,
        coalesce(people.full_name, alerts.first_acknowledged_by_user_id) as member_name
    from alerts
    left join {{ ref('stg_rootly__users') }} as people
        on alerts.first_acknowledged_by_user_id = people.user_id
    where alerts.first_acknowledged_by_user_id is not null

    union all

    select
        pages.alert_id,
        'paged_person' as dimension,
        pages.user_id as member_id,
        coalesce(people.full_name, pages.user_id) as member_name
    from pages
    left join {{ ref('stg_rootly__users') }} as people on pages.user_id = people.user_id

),

-- Of which dimensions an alert has members, found in one go for all of them.
linked as (

    select
        {%- for dimension in dimensions %}
        max(case when dimension = '{{ dimension }}' then 1 else 0 end) as has_{{ dimension }},
        {%- endfor %}
        alert_id
    from links
    group by alert_id

),

presence as (

    select
        alerts.alert_id,
        {%- for dimension in dimensions %}
        coalesce(linked.has_{{ dimension }}, 0) as has_{{ dimension }},
        {%- endfor %}
        case when alerts.first_acknowledged_by_user_id is null then 0 else 1 end
            as has_acknowledger,
        case when paged.alert_id is null then 0 else 1 end as has_paged_person
    from alerts
    left join linked on alerts.alert_id = linked.alert_id
    left join paged on alerts.alert_id = paged.alert_id

),

final as (

    select
        alert_id,
        dimension,
        member_id,
        member_name
    from named

    union all

    select
        alert_id,
        'all' as dimension,
        'all' as member_id,
        'All' as member_name
    from alerts
    {%- for dimension in dimensions + ['acknowledger', 'paged_person'] %}

    union all

    select
        alert_id,
        '{{ dimension }}' as dimension,
        'none' as member_id,
        'No {{ dimension | replace("_", " ") }}' as member_name
    from presence
    where has_{{ dimension }} = 0
    {%- endfor %}

)

select * from final
