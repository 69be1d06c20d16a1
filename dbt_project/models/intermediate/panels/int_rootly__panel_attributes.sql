{%- set incident_words = [
    ('severity', 'severity'), ('service', 'services'), ('team', 'teams'), ('team', 'groups'),
    ('environment', 'environments'), ('incident_type', 'incident_types'),
    ('functionality', 'functionalities'),
] -%}
{%- set alert_words = [
    ('service', 'services'), ('team', 'teams'), ('team', 'groups'),
    ('environment', 'environments'), ('functionality', 'functionalities'),
    ('responder', 'responders'), ('escalation_policy', 'escalation_policies'),
    ('urgency', 'alert_urgency'),
] -%}
{%- set dimensions = {
    'incidents': 'int_rootly__incident_dimensions', 'alerts': 'int_rootly__alert_dimensions'
} -%}

with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

alerts as (

    select * from {{ ref('stg_rootly__alerts') }}

),

-- The words that panels use for a dimension.
words as (
    {% for collection, words in {'incidents': incident_words, 'alerts': alert_words}.items() %}
    {%- set is_first = loop.first %}
    {%- for dimension, attribute in words %}
    {%- if not (is_first and loop.first) %}

    union all
    {% endif %}
    select
        '{{ collection }}' as collection,
        '{{ dimension }}' as dimension,
        '{{ attribute }}' as attribute
    {%- endfor %}
    {%- endfor %}

),

-- Panels group by name: two members of one name are one. Few names are borne by two, and only a
-- record's members of such a name can be the same: all others are there once.
shared_names as (
    {% for collection, model in dimensions.items() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ collection }}' as collection,
        dimension,
        member_name
    from {{ ref(model) }}
    group by dimension, member_name
    having min(member_id) < max(member_id)
    {%- endfor %}

),
{% for collection, model in dimensions.items() %}
{%- set record_id = collection[:-1] ~ '_id' %}

members_of_{{ collection }} as (
    {% for is_shared in [false, true] %}
    {%- if not loop.first %}

    union all
    {% endif %}
    {{ 'select distinct' if is_shared else 'select' }}
        links.{{ record_id }} as record_id,
        words.attribute,
        links.member_name as member
    from {{ ref(model) }} as links
    inner join words on words.collection = '{{ collection }}' and links.dimension = words.dimension
    left join shared_names
        on
            shared_names.collection = '{{ collection }}'
            and links.dimension = shared_names.dimension
            and links.member_name = shared_names.member_name
    where shared_names.member_name is {{ 'not null' if is_shared else 'null' }}
    {%- endfor %}

),
{%- endfor %}

incident_causes as (

    select
        links.incident_id,
        causes.cause_name
    from {{ ref('stg_rootly__incident_causes') }} as links
    inner join {{ ref('stg_rootly__causes') }} as causes on links.cause_id = causes.cause_id

),

retrospectives as (

    select
        links.post_mortem_id,
        links.incident_id
    from {{ ref('stg_rootly__incident_post_mortems') }} as links
    inner join incidents on links.incident_id = incidents.incident_id

),

action_items as (

    select * from {{ ref('stg_rootly__action_items') }}

),

alert_field_items as (

    {{ json_items('alerts', ['alert_id'], 'alert_field_values_json') }}

),

keyed_values as (

    select
        'incidents' as collection,
        incident_id as record_id,
        'custom_field' as kind,
        form_field_id as attribute_id,
        member
    from {{ ref('int_rootly__incident_field_values') }}

    union all

    select
        'incidents' as collection,
        assignments.incident_id as record_id,
        'incident_role' as kind,
        assignments.incident_role_id as attribute_id,
        coalesce(people.full_name, assignments.user_name, assignments.user_id) as member
    from {{ ref('stg_rootly__incident_role_assignments') }} as assignments
    left join {{ ref('stg_rootly__users') }} as people on assignments.user_id = people.user_id

    union all

    select
        'alerts' as collection,
        alert_id as record_id,
        'alert_field' as kind,
        {{ json_text('item', ['alert_field_id']) }} as attribute_id,
        {{ json_text('item', ['value']) }} as member
    from alert_field_items

),

-- Panels name a field by its id or by its slug: both are there.
keyed as (

    select distinct
        keyed_values.collection,
        keyed_values.record_id,
        named.attribute,
        keyed_values.member
    from keyed_values
    inner join {{ ref('int_rootly__panel_keyed_attributes') }} as named
        on
            keyed_values.collection = named.collection
            and keyed_values.attribute_id = named.attribute_id
            and named.attribute like keyed_values.kind || ':%'
    where keyed_values.member is not null

),

of_incidents as (
    {% for attribute in ['kind', 'status', 'reported_from', 'retrospective_progress_status'] %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        'incidents' as collection,
        incident_id as record_id,
        '{{ "source" if attribute == "reported_from" else attribute }}' as attribute,
        {{ attribute }} as member
    from incidents
    where {{ attribute }} is not null
    {%- endfor %}

    union all

    select
        'incidents' as collection,
        record_id,
        attribute,
        member
    from members_of_incidents

    union all

    select
        'incidents' as collection,
        incident_id as record_id,
        'causes' as attribute,
        cause_name as member
    from incident_causes

    union all

    select
        collection,
        record_id,
        attribute,
        member
    from keyed
    where collection = 'incidents'

),

of_alerts as (
    {% for attribute, column in {
        'source': 'alert_source', 'status': 'status', 'noise': 'noise'
    }.items() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        'alerts' as collection,
        alert_id as record_id,
        '{{ attribute }}' as attribute,
        {{ column }} as member
    from alerts
    where {{ column }} is not null
    {%- endfor %}

    union all

    select
        'alerts' as collection,
        record_id,
        attribute,
        member
    from members_of_alerts

    union all

    select
        collection,
        record_id,
        attribute,
        member
    from keyed
    where collection = 'alerts'

),

final as (

    select
        collection,
        record_id,
        attribute,
        member
    from of_incidents

    union all

    select
        collection,
        record_id,
        attribute,
        member
    from of_alerts

    -- A retrospective has what its incident has.
    union all

    select
        'incident_post_mortems' as collection,
        retrospectives.post_mortem_id as record_id,
        'incidents.' || of_incidents.attribute as attribute,
        of_incidents.member
    from retrospectives
    inner join of_incidents on retrospectives.incident_id = of_incidents.record_id

    union all

    select
        'incident_post_mortems' as collection,
        retrospectives.post_mortem_id as record_id,
        'causes' as attribute,
        incident_causes.cause_name as member
    from retrospectives
    inner join incident_causes on retrospectives.incident_id = incident_causes.incident_id

    union all

    select
        'incident_post_mortems' as collection,
        post_mortem_id as record_id,
        'status' as attribute,
        status as member
    from {{ ref('stg_rootly__post_mortems') }}
    where status is not null
    {%- for attribute in ['kind', 'status', 'priority'] %}

    union all

    select
        'incident_action_items' as collection,
        action_item_id as record_id,
        '{{ attribute }}' as attribute,
        {{ attribute }} as member
    from action_items
    where {{ attribute }} is not null
    {%- endfor %}

)

select * from final
