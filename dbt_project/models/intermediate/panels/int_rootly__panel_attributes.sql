{%- set incident_words = {
    'severity': ['severity'],
    'service': ['services'],
    'team': ['teams', 'groups'],
    'environment': ['environments'],
    'incident_type': ['incident_types'],
    'functionality': ['functionalities'],
} -%}
{%- set alert_words = {
    'service': ['services'],
    'team': ['teams', 'groups'],
    'environment': ['environments'],
    'functionality': ['functionalities'],
    'responder': ['responders'],
    'escalation_policy': ['escalation_policies'],
    'urgency': ['alert_urgency'],
} -%}

with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

alerts as (

    select * from {{ ref('stg_rootly__alerts') }}

),

incident_dimensions as (

    select * from {{ ref('int_rootly__incident_dimensions') }}

),

alert_dimensions as (

    select * from {{ ref('int_rootly__alert_dimensions') }}

),

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
        links.incident_id,
        incidents.kind
    from {{ ref('stg_rootly__incident_post_mortems') }} as links
    inner join incidents on links.incident_id = incidents.incident_id

),

action_items as (

    select * from {{ ref('stg_rootly__action_items') }}

),

selections as (

    select
        selections.incident_id,
        fields.form_field_id,
        fields.slug,
        selections.value_text
    from {{ ref('stg_rootly__incident_form_field_selections') }} as selections
    inner join {{ ref('stg_rootly__form_fields') }} as fields
        on selections.form_field_id = fields.form_field_id

),

final as (
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
    {%- for dimension, words in incident_words.items() %}
    {%- for word in words %}

    union all

    select
        'incidents' as collection,
        incident_id as record_id,
        '{{ word }}' as attribute,
        member_name as member
    from incident_dimensions
    where dimension = '{{ dimension }}'
    {%- endfor %}
    {%- endfor %}

    union all

    select
        'incidents' as collection,
        incident_id as record_id,
        'causes' as attribute,
        cause_name as member
    from incident_causes
    {%- for name in ['form_field_id', 'slug'] %}

    union all

    select
        'incidents' as collection,
        incident_id as record_id,
        'custom_field:' || {{ name }} as attribute,
        value_text as member
    from selections
    where value_text is not null
    {%- endfor %}
    {%- for attribute, column in {
        'source': 'alert_source', 'status': 'status', 'noise': 'noise'
    }.items() %}

    union all

    select
        'alerts' as collection,
        alert_id as record_id,
        '{{ attribute }}' as attribute,
        {{ column }} as member
    from alerts
    where {{ column }} is not null
    {%- endfor %}
    {%- for dimension, words in alert_words.items() %}
    {%- for word in words %}

    union all

    select
        'alerts' as collection,
        alert_id as record_id,
        '{{ word }}' as attribute,
        member_name as member
    from alert_dimensions
    where dimension = '{{ dimension }}'
    {%- endfor %}
    {%- endfor %}

    union all

    select
        'incident_post_mortems' as collection,
        post_mortem_id as record_id,
        'incidents.kind' as attribute,
        kind as member
    from retrospectives
    where kind is not null

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
