{#- The panels of Rootly's default dashboards as marts: panels are rows of the seed, not code. -#}

{#- Whether a text is one of the words in another one, which has a bar between them. -#}
{% macro is_one_of(text, words) -%}
    {{ return(adapter.dispatch('is_one_of', 'rootly')(text, words)) }}
{%- endmacro %}

{% macro duckdb__is_one_of(text, words) -%}
    list_contains(string_split({{ words }}, '|'), {{ text }})
{%- endmacro %}

{% macro postgres__is_one_of(text, words) -%}
    {{ text }} = any(string_to_array({{ words }}, '|'))
{%- endmacro %}

{#-
    The whole query of a panels_* mart: one row a panel, series, period and first day of the period.

    Longer periods are made of the days' sums and counts, since an average of daily averages would
    weigh a quiet day like a busy one.

    dashboard: a value of rootly_default_panels.dashboard.
-#}
{% macro panel_series(dashboard) -%}
with panels as (

    select * from {{ ref('rootly_default_panels') }}
    where dashboard = '{{ dashboard }}'

),

measures as (

    select * from {{ ref('int_rootly__panel_measures') }}

),

words as (

    select group_by as attribute from panels
    where group_by is not null

    {{ rootly.union_distinct() }}

    select filter_attribute as attribute from panels
    where filter_attribute is not null

),

-- Only what these panels look at: the fields and roles of a workspace are many.
attributes as (

    select attributes.*
    from {{ ref('int_rootly__panel_attributes') }} as attributes
    inner join words on attributes.attribute = words.attribute

),

-- A semi-join, so that a record with two of the values counts once. What has no time is in no period.
counted as (

    select
        panels.dashboard,
        panels.position,
        panels.title,
        panels.display,
        panels.operation,
        panels.group_by,
        measures.collection,
        measures.record_id,
        measures.record_name,
        {{ rootly.local_date('measures.measured_at') }} as measured_on,
        measures.value
    from panels
    inner join measures
        on panels.collection = measures.collection and panels.key = measures.key
    where
        measures.measured_at is not null
        and (
            panels.filter_attribute is null
            or exists (
                select 1
                from attributes as held
                where
                    held.collection = measures.collection
                    and held.record_id = measures.record_id
                    and held.attribute = panels.filter_attribute
                    and {{ rootly.is_one_of('held.member', 'panels.filter_values') }}
            )
        )

),

-- A record counts for every member of its group; one that has none is in no series, as at Rootly.
named as (

    select
        counted.*,
        case
            when counted.group_by is not null then members.member
            when counted.display = 'table' then counted.record_name
            else counted.title
        end as series
    from counted
    left join attributes as members
        on
            counted.collection = members.collection
            and counted.record_id = members.record_id
            and counted.group_by = members.attribute
    where counted.group_by is null or members.member is not null

),

days as (

    select
        dashboard,
        position,
        title,
        display,
        operation,
        series,
        measured_on,
        sum(value) as value_sum,
        count(*) as n
    from named
    group by dashboard, position, title, display, operation, series, measured_on

),

final as (
    {% for period in ['day', 'week', 'month', 'quarter'] %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        dashboard,
        position,
        title as panel_title,
        display,
        series,
        '{{ period }}' as period,
        cast({{ rootly.period_start(period, 'measured_on') }} as date) as period_start,
        cast(case operation
            when 'count' then sum(n)
            when 'sum' then sum(value_sum)
            when 'average' then sum(value_sum) / sum(n)
        end as {{ rootly.type_double() }}) as value,
        cast(sum(n) as bigint) as n
    from days
    group by
        dashboard, position, title, display, operation, series,
        {{ rootly.period_start(period, 'measured_on') }}
    {%- endfor %}

)

select * from final
{%- endmacro %}
