{{ config(materialized='table') }}

{%- set dimensions = [
    'service', 'team', 'source', 'urgency', 'escalation_policy', 'responder', 'acknowledger'
] -%}

with alerts as (

    select * from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

named as (

    select
        links.alert_id,
        links.dimension,
        links.member_id,
        links.member_name
    from {{ ref('int_rootly__alert_dimensions') }} as links
    inner join alerts on links.alert_id = alerts.alert_id
    where
        links.dimension in (
            {%- for dimension in dimensions %}
            '{{ dimension }}'{{ ',' if not loop.last }}
            {%- endfor %}
        )

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
    {%- for dimension in dimensions %}

    union all

    select
        alerts.alert_id,
        '{{ dimension }}' as dimension,
        'none' as member_id,
        'No {{ dimension | replace("_", " ") }}' as member_name
    from alerts
    left join named
        on alerts.alert_id = named.alert_id and named.dimension = '{{ dimension }}'
    where named.alert_id is null
    {%- endfor %}

)

select * from final
