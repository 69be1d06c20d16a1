{#- BigQuery's versions. JSON columns are JSON, instants TIMESTAMP. -#}

{% macro bigquery__type_double() -%} float64 {%- endmacro %}

{% macro bigquery__type_text() -%} string {%- endmacro %}

{% macro bigquery__type_instant() -%} timestamp {%- endmacro %}

{% macro bigquery__union_distinct() -%} union distinct {%- endmacro %}

{% macro bigquery__json_text(column, path) -%}
    json_value({{ column }}, '$.{{ path | join(".") }}')
{%- endmacro %}

{% macro bigquery__json_field(column, key) -%}
    json_query({{ column }}, '$.{{ key }}')
{%- endmacro %}

{% macro bigquery__json_text_at(column, key, index) -%}
    json_value({{ column }}, '$.{{ key }}[{{ index }}]')
{%- endmacro %}

{% macro bigquery__json_string(column) -%}
    case when json_type({{ column }}) = 'string' then json_value({{ column }}, '$') end
{%- endmacro %}

{% macro bigquery__json_scalar(column) -%}
    json_value({{ column }}, '$')
{%- endmacro %}

{% macro bigquery__json_items(relation, keys, column) -%}
    select
        {{ keys | join(', ') }},
        item
    from {{ relation }}
    cross join unnest(
        case
            when json_type({{ column }}) = 'array' then json_query_array({{ column }}, '$')
            when json_type(json_query({{ column }}, '$.data')) = 'array'
                then json_query_array({{ column }}, '$.data')
        end
    ) as item
{%- endmacro %}

{% macro bigquery__is_one_of(text, words) -%}
    {{ text }} in unnest(split({{ words }}, '|'))
{%- endmacro %}

{#- percentile_cont is no aggregate here: the neighbours are taken from the sorted values. -#}
{% macro bigquery__percentile(column, fraction) -%}
    {%- set sorted_values = 'array_agg(' ~ column ~ ' ignore nulls order by ' ~ column ~ ')' -%}
    {%- set place = fraction ~ ' * (count(' ~ column ~ ') - 1)' -%}
    cast({{ sorted_values }}[safe_offset(cast(floor({{ place }}) as int64))] as float64)
    + ({{ place }} - floor({{ place }})) * (
        {{ sorted_values }}[safe_offset(cast(ceil({{ place }}) as int64))]
        - {{ sorted_values }}[safe_offset(cast(floor({{ place }}) as int64))]
    )
{%- endmacro %}

{% macro bigquery__period_start(period, day) -%}
    date_trunc({{ day }}, {{ 'isoweek' if period == 'week' else period }})
{%- endmacro %}

{% macro bigquery__seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }}
            then div(timestamp_diff({{ stop }}, {{ start }}, microsecond), 1000000)
    end
{%- endmacro %}

{% macro bigquery__exact_seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }}
            then timestamp_diff({{ stop }}, {{ start }}, microsecond) / 1000000
    end
{%- endmacro %}

{% macro bigquery__later(instant, number, unit) -%}
    timestamp_add({{ instant }}, interval {{ number }} {{ unit }})
{%- endmacro %}

{% macro bigquery__days_from(first_day, last_day) -%}
    date_diff({{ last_day }}, {{ first_day }}, day)
{%- endmacro %}

{#- An instant is never compared with a date here. -#}
{% macro bigquery__earliest_start(day) -%}
    timestamp('{{ day }}')
{%- endmacro %}

{% macro bigquery__iso_weekday(day) -%}
    (mod(extract(dayofweek from {{ day }}) + 5, 7) + 1)
{%- endmacro %}

{% macro bigquery__local_date(instant) -%}
    date({{ instant }}, '{{ rootly.time_zone() }}')
{%- endmacro %}

{% macro bigquery__end_of_day(day) -%}
    {{ rootly.instant_of(day, 24, "'" ~ rootly.time_zone() ~ "'") }}
{%- endmacro %}

{% macro bigquery__local_time(instant, zone) -%}
    datetime({{ instant }}, {{ zone }})
{%- endmacro %}

{% macro bigquery__instant_of(day, hour, zone) -%}
    timestamp(datetime_add(cast({{ day }} as datetime), interval {{ hour }} hour), {{ zone }})
{%- endmacro %}

{% macro bigquery__days_between(first_day, last_day, relation, keys) -%}
    select
        {% for key in keys %}{{ key }}, {% endfor -%}
        metric_date
    from {{ relation }}
    cross join unnest(generate_date_array({{ first_day }}, {{ last_day }})) as metric_date
{%- endmacro %}
