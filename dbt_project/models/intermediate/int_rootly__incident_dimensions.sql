{{ config(materialized='table') }}

{%- set array_columns = {
    'service': 'services_json',
    'team': 'teams_json',
    'environment': 'environments_json',
    'incident_type': 'incident_types_json',
    'functionality': 'functionalities_json',
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

final as (

    -- A member listed twice on one incident is one link.
    select
        incident_id,
        dimension,
        member_id,
        max(member_name) as member_name
    from fields
    where member_id is not null
    group by incident_id, dimension, member_id

)

select * from final
