{{ config(materialized='table') }}

with alerts as (

    select * from {{ ref('stg_rootly__alerts') }}

),

environment_items as (

    {{ json_items('alerts', ['alert_id'], 'environments_json') }}

),

functionality_items as (

    {{ json_items('alerts', ['alert_id'], 'functionalities_json') }}

),

linked as (

    select
        links.alert_id,
        'service' as dimension,
        links.service_id as member_id,
        services.service_name as member_name
    from {{ ref('stg_rootly__alert_services') }} as links
    left join {{ ref('stg_rootly__services') }} as services
        on links.service_id = services.service_id

    union all

    select
        links.alert_id,
        'team' as dimension,
        links.team_id as member_id,
        teams.team_name as member_name
    from {{ ref('stg_rootly__alert_teams') }} as links
    left join {{ ref('stg_rootly__teams') }} as teams on links.team_id = teams.team_id

    union all

    select
        links.alert_id,
        'responder' as dimension,
        links.user_id as member_id,
        people.full_name as member_name
    from {{ ref('stg_rootly__alert_responders') }} as links
    left join {{ ref('stg_rootly__users') }} as people on links.user_id = people.user_id

    union all

    select
        links.alert_id,
        'escalation_policy' as dimension,
        links.escalation_policy_id as member_id,
        escalation_policies.escalation_policy_name as member_name
    from {{ ref('stg_rootly__alert_escalation_policies') }} as links
    left join {{ ref('stg_rootly__escalation_policies') }} as escalation_policies
        on links.escalation_policy_id = escalation_policies.escalation_policy_id

),

listed as (

    -- Lists of alerts give environments and functionalities without an id: their name must do.
    select
        alert_id,
        'environment' as dimension,
        coalesce({{ nested_id('item') }}, {{ nested_name('item') }}) as member_id,
        {{ nested_name('item') }} as member_name
    from environment_items

    union all

    select
        alert_id,
        'functionality' as dimension,
        coalesce({{ nested_id('item') }}, {{ nested_name('item') }}) as member_id,
        {{ nested_name('item') }} as member_name
    from functionality_items

),

grouped as (

    -- A member listed twice on one alert is one link; links of their own are there once.
    select
        alert_id,
        dimension,
        member_id,
        coalesce(max(member_name), member_id) as member_name
    from listed
    where member_id is not null
    group by alert_id, dimension, member_id

),

final as (

    select
        alert_id,
        dimension,
        member_id,
        coalesce(member_name, member_id) as member_name
    from linked
    where member_id is not null

    union all

    select
        alert_id,
        dimension,
        member_id,
        member_name
    from grouped

    union all

    select
        alert_id,
        'source' as dimension,
        alert_source as member_id,
        alert_source as member_name
    from alerts
    where alert_source is not null

    union all

    select
        alerts.alert_id,
        'urgency' as dimension,
        alerts.alert_urgency_id as member_id,
        coalesce(
            urgencies.alert_urgency_name, alerts.alert_urgency_name, alerts.alert_urgency_id
        ) as member_name
    from alerts
    left join {{ ref('stg_rootly__alert_urgencies') }} as urgencies
        on alerts.alert_urgency_id = urgencies.alert_urgency_id
    where alerts.alert_urgency_id is not null

)

select * from final
