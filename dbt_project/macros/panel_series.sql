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
    collections: those of its panels; no other one's models have to be there.
-#}
{% macro panel_series(dashboard, collections) -%}
{%- set whole_periods_of = {
    'incidents': 'int_rootly__whole_periods',
    'users': 'int_rootly__whole_periods',
    'incident_post_mortems': 'int_rootly__whole_post_mortem_periods',
    'incident_action_items': 'int_rootly__whole_action_item_periods',
    'alerts': 'int_rootly__whole_alert_periods',
} -%}
with panels as (

    select * from {{ ref('rootly_default_panels') }}
    where dashboard = '{{ dashboard }}'

),

asked as (

    select distinct
        collection,
        key
    from panels

),

-- Only what these panels look at: there are more alerts than incidents, and more measures than one dashboard has.
measures as (

    select
        measures.collection,
        measures.record_id,
        measures.record_name,
        measures.measured_at,
        measures.key,
        measures.value
    from {{ ref('int_rootly__panel_measures') }} as measures
    inner join asked on measures.collection = asked.collection and measures.key = asked.key

),

words as (

    select
        collection,
        group_by as attribute
    from panels
    where group_by is not null

    {{ rootly.union_distinct() }}

    select
        collection,
        filter_attribute as attribute
    from panels
    where filter_attribute is not null

),

attributes as (

    select attributes.*
    from {{ ref('int_rootly__panel_attributes') }} as attributes
    inner join words
        on attributes.collection = words.collection and attributes.attribute = words.attribute

),

-- Distinct, so that a record with two of a filter's values counts once.
kept as (

    select distinct
        panels.position,
        attributes.collection,
        attributes.record_id
    from panels
    inner join attributes
        on
            panels.collection = attributes.collection
            and panels.filter_attribute = attributes.attribute
    where {{ rootly.is_one_of('attributes.member', 'panels.filter_values') }}

),

-- A record counts for every member of its group; one that has none is in no series, as at Rootly. What has no
-- time is in no period.
counted as (
    {% for is_grouped in [false, true] %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        panels.position,
        {% if is_grouped -%}
        members.member
        {%- else -%}
        case when panels.display = 'table' then measures.record_name else panels.title end
        {%- endif %} as series,
        {{ rootly.local_date('measures.measured_at') }} as measured_on,
        measures.value
    from panels
    inner join measures
        on panels.collection = measures.collection and panels.key = measures.key
    {%- if is_grouped %}
    inner join attributes as members
        on
            measures.collection = members.collection
            and measures.record_id = members.record_id
            and panels.group_by = members.attribute
    {%- endif %}
    left join kept
        on
            panels.position = kept.position
            and measures.collection = kept.collection
            and measures.record_id = kept.record_id
    where
        measures.measured_at is not null
        and (panels.filter_attribute is null or kept.record_id is not null)
        and {{ 'members.member is not null' if is_grouped else 'panels.group_by is null' }}
    {%- endfor %}

),

days as (

    select
        position,
        series,
        measured_on,
        sum(value) as value_sum,
        count(*) as n
    from counted
    group by position, series, measured_on

),

counted_periods as (
    {% for period in rootly.periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        panels.dashboard,
        panels.position,
        panels.title as panel_title,
        panels.display,
        panels.collection,
        days.series,
        '{{ period }}' as period,
        cast({{ rootly.period_start(period, 'days.measured_on') }} as date) as period_start,
        cast(case panels.operation
            when 'count' then sum(days.n)
            when 'sum' then sum(days.value_sum)
            when 'average' then sum(days.value_sum) / sum(days.n)
        end as {{ rootly.type_double() }}) as value,
        cast(sum(days.n) as bigint) as n
    from days
    inner join panels on days.position = panels.position
    group by
        panels.dashboard, panels.position, panels.title, panels.display, panels.operation,
        panels.collection, days.series, {{ rootly.period_start(period, 'days.measured_on') }}
    {%- endfor %}

),

whole_periods as (
    {% for collection in collections %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ collection }}' as collection,
        period,
        period_start
    from {{ ref(whole_periods_of[collection]) }}
    {%- endfor %}

),

final as (

    select
        counted_periods.dashboard,
        counted_periods.position,
        counted_periods.panel_title,
        counted_periods.display,
        counted_periods.series,
        counted_periods.period,
        counted_periods.period_start,
        whole_periods.period_start is not null as is_whole_period,
        counted_periods.value,
        counted_periods.n
    from counted_periods
    left join whole_periods
        on
            counted_periods.collection = whole_periods.collection
            and counted_periods.period = whole_periods.period
            and counted_periods.period_start = whole_periods.period_start

)

select * from final
{%- endmacro %}
