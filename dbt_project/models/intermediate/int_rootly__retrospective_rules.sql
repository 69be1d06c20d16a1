{%- set columns = {
    'severity': 'severity_ids_json',
    'team': 'team_ids_json',
    'incident_type': 'incident_type_ids_json',
} -%}

with configurations as (

    select * from {{ ref('stg_rootly__retrospective_configurations') }}
    where not is_deleted and rule_kind in ('mandatory', 'skip')

),

links as (

    select * from {{ ref('int_rootly__incident_dimensions') }}

),
{% for dimension, column in columns.items() %}
{{ dimension }}_items as (

    {{ json_items('configurations', ['rule_kind'], column) }}

),
{% endfor %}
members as (
    {% for dimension in columns %}
    {%- if not loop.first %}

    {{ union_distinct() }}
    {% endif %}
    select
        rule_kind,
        '{{ dimension }}' as dimension,
        {{ nested_id('item') }} as member_id
    from {{ dimension }}_items
    {%- endfor %}

),

matched as (

    select
        links.incident_id,
        max(case when members.rule_kind = 'mandatory' then 1 else 0 end) as is_mandatory,
        max(case when members.rule_kind = 'skip' then 1 else 0 end) as is_exempt
    from links
    inner join members
        on links.dimension = members.dimension and links.member_id = members.member_id
    group by links.incident_id

),

final as (

    select
        incident_id,
        case
            when is_mandatory = 1 and is_exempt = 1 then 'conflicting'
            when is_mandatory = 1 then 'mandatory'
            else 'skip'
        end as retrospective_rule
    from matched

)

select * from final
