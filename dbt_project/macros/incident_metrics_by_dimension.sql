{#-
    The whole query of a daily mart by a dimension: one row a day, population and member, where the
    members are those that any counted incident names, and one "No <dimension>" for incidents that
    name none. An incident that names several members counts for each of them.

    dimension: a value of int_rootly__incident_dimensions.dimension.
    names: relation with <dimension>_id and <dimension>_name, for the current names.
-#}
{% macro incident_metrics_by_dimension(dimension, names) -%}
with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

links as (

    select * from {{ ref('int_rootly__incident_dimensions') }}
    where dimension = '{{ dimension }}'

),

days as (

    select * from {{ ref('int_rootly__metric_days') }}

),

names as (

    select * from {{ names }}

),

linked_incidents as (

    select
        incidents.*,
        links.member_id,
        links.member_name
    from incidents
    left join links on incidents.incident_id = links.incident_id

),

members as (

    select
        linked_incidents.member_id,
        coalesce(
            max(names.{{ dimension }}_name),
            max(linked_incidents.member_name),
            linked_incidents.member_id,
            'No {{ dimension }}'
        ) as member_name
    from linked_incidents
    left join names on linked_incidents.member_id = names.{{ dimension }}_id
    group by linked_incidents.member_id

),

metrics as (

    {{ rootly.grouped_incident_metrics('linked_incidents', ['started_on', 'population', 'member_id']) }}

),

final as (

    select
        days.metric_date,
        days.population,
        members.member_id as {{ dimension }}_id,
        members.member_name as {{ dimension }}_name,
        {{ rootly.incident_metric_columns('metrics') }}
    from days
    cross join members
    left join metrics
        on
            days.metric_date = metrics.started_on
            and days.population = metrics.population
            and {{ rootly.is_same('members.member_id', 'metrics.member_id') }}

)

select * from final
{%- endmacro %}
