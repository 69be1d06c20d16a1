{#- What Rootly lets a condition look at (one property each), and what we call it. -#}
{%- set properties = {
    'severity': 'severity',
    'service': 'service',
    'group': 'team',
    'environment': 'environment',
    'incident_type': 'incident_type',
    'functionality': 'functionality',
    'cause': 'cause',
    'status': 'status',
    'kind': 'kind',
} -%}

with slas as (

    select * from {{ ref('stg_rootly__slas') }}
    where not is_deleted

),

-- Only incidents that have something to be done.
incidents as (

    select distinct incident_id
    from {{ ref('stg_rootly__incident_action_items') }}

),

links as (

    select
        incident_id,
        dimension,
        member_id
    from {{ ref('int_rootly__incident_dimensions') }}

    union all

    select
        incident_id,
        'cause' as dimension,
        cause_id as member_id
    from {{ ref('stg_rootly__incident_causes') }}
    {%- for column in ['status', 'kind'] %}

    union all

    select
        incident_id,
        '{{ column }}' as dimension,
        {{ column }} as member_id
    from {{ ref('stg_rootly__incidents') }}
    where {{ column }} is not null
    {%- endfor %}

),

condition_items as (

    {{ json_items('slas', ['sla_id'], 'conditions_json') }}

),

conditions as (

    select
        sla_id,
        item,
        {{ json_field('item', 'values') }} as values_json,
        {{ json_text('item', ['property']) }} as property,
        {{ json_text('item', ['operator']) }} as comparison,
        row_number() over (
            partition by sla_id order by {{ json_text('item', ['position']) }}
        ) as place
    from condition_items

),

named as (

    select
        sla_id,
        place,
        values_json,
        comparison,
        coalesce(property, 'custom field') || ' ' || coalesce(comparison, '?') as condition_text,
        case
            {%- for property, dimension in properties.items() %}
            when property = '{{ property }}' then '{{ dimension }}'
            {%- endfor %}
        end as dimension
    from conditions

),

value_items as (

    {{ json_items('named', ['sla_id', 'place', 'dimension'], 'values_json') }}

),

wanted as (

    select distinct
        sla_id,
        place,
        dimension,
        {{ nested_id('item') }} as member_id
    from value_items

),

matched as (

    select distinct
        links.incident_id,
        wanted.sla_id,
        wanted.place
    from wanted
    inner join links
        on wanted.dimension = links.dimension and wanted.member_id = links.member_id

),

named_dimensions as (

    select distinct
        incident_id,
        dimension
    from links

),

evaluated as (

    select
        incidents.incident_id,
        named.sla_id,
        named.condition_text,
        case
            when named.dimension is null then null
            when named.comparison = 'is_one_of' then matched.incident_id is not null
            when named.comparison = 'is_not_one_of' then matched.incident_id is null
            when named.comparison = 'is_set' then named_dimensions.incident_id is not null
            when named.comparison = 'is_not_set' then named_dimensions.incident_id is null
        end as is_met
    from incidents
    cross join named
    left join matched
        on
            incidents.incident_id = matched.incident_id
            and named.sla_id = matched.sla_id
            and named.place = matched.place
    left join named_dimensions
        on
            incidents.incident_id = named_dimensions.incident_id
            and named.dimension = named_dimensions.dimension

),

results as (

    select
        incident_id,
        sla_id,
        count(case when is_met then 1 end) as met_count,
        count(case when not is_met then 1 end) as unmet_count,
        count(case when is_met is null then 1 end) as unknown_count,
        {{ listed('case when is_met is null then condition_text end') }} as unknown_conditions
    from evaluated
    group by incident_id, sla_id

),

final as (

    select
        incidents.incident_id,
        slas.sla_id,
        case
            when results.sla_id is null then true
            when slas.condition_match_type = 'ANY' and results.met_count > 0 then true
            when slas.condition_match_type = 'ANY' and results.unknown_count = 0 then false
            when slas.condition_match_type = 'ANY' then null
            when results.unmet_count > 0 then false
            when results.unknown_count = 0 then true
        end as is_applicable,
        results.unknown_conditions
    from incidents
    cross join slas
    left join results
        on incidents.incident_id = results.incident_id and slas.sla_id = results.sla_id

)

select * from final
