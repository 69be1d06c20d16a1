{{ config(materialized='table') }}

{%- set array_columns = {
    'service': 'services_json',
    'team': 'teams_json',
    'environment': 'environments_json',
    'incident_type': 'incident_types_json',
    'functionality': 'functionalities_json',
} -%}
{%- set catalogues = {
    'severity': 'severities',
    'service': 'services',
    'team': 'teams',
    'environment': 'environments',
    'incident_type': 'incident_types',
    'functionality': 'functionalities',
} -%}

with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

{%- for dimension, column in array_columns.items() %}

{{ dimension }}_items as (

    {{ json_items('incidents', ['incident_id'], column) }}

),
{%- endfor %}

fields as (

    select
        incident_id,
        'severity' as dimension,
        severity_id as member_id,
        severity_name as member_name
    from incidents
    {%- for dimension in array_columns %}

    union all

    select
        incident_id,
        '{{ dimension }}' as dimension,
        {{ nested_id('item') }} as member_id,
        {{ nested_name('item') }} as member_name
    from {{ dimension }}_items
    {%- endfor %}

),

grouped as (

    -- A member listed twice on one incident is one link.
    select
        incident_id,
        dimension,
        member_id,
        max(member_name) as member_name
    from fields
    where member_id is not null
    group by incident_id, dimension, member_id

),

named as (
    {% for dimension, catalogue in catalogues.items() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ dimension }}' as dimension,
        {{ dimension }}_id as member_id,
        {{ dimension }}_name as member_name
    from {{ ref('stg_rootly__' ~ catalogue) }}
    {%- endfor %}

),

final as (

    -- An incident keeps the name that its severity or service had when it was last changed.
    select
        grouped.incident_id,
        grouped.dimension,
        grouped.member_id,
        coalesce(named.member_name, grouped.member_name) as member_name
    from grouped
    left join named
        on grouped.dimension = named.dimension and grouped.member_id = named.member_id

)

select * from final
