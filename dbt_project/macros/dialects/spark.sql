{#- Spark's versions, which dbt-databricks uses too. JSON columns are STRING (so dlt loads them), instants TIMESTAMP. -#}

{% macro spark__type_double() -%} double {%- endmacro %}

{% macro spark__type_text() -%} string {%- endmacro %}

{% macro spark__type_instant() -%} timestamp {%- endmacro %}

{% macro spark__json_text(column, path) -%}
    get_json_object({{ column }}, '$.{{ path | join(".") }}')
{%- endmacro %}

{% macro spark__json_field(column, key) -%}
    get_json_object({{ column }}, '$.{{ key }}')
{%- endmacro %}

{% macro spark__json_text_at(column, key, index) -%}
    get_json_object({{ column }}, '$.{{ key }}[{{ index }}]')
{%- endmacro %}

{#- A string is quoted where it is a column's whole document, and bare where it was an element of an array. -#}
{% macro spark__json_string(column) -%}
    case
        when substr({{ column }}, 1, 1) = '"' then get_json_object({{ column }}, '$')
        when {{ column }} <> 'null' and substr({{ column }}, 1, 1) not in ('{', '[') then {{ column }}
    end
{%- endmacro %}

{#- As above, which does not tell texts from numbers. -#}
{% macro spark__json_scalar(column) -%}
    {{ rootly.spark__json_string(column) }}
{%- endmacro %}

{% macro spark__json_items(relation, keys, column) -%}
    select
        {{ keys | join(', ') }},
        explode(
            case
                when substr({{ column }}, 1, 1) = '['
                    then from_json({{ column }}, 'array<string>')
                when substr(get_json_object({{ column }}, '$.data'), 1, 1) = '['
                    then from_json(get_json_object({{ column }}, '$.data'), 'array<string>')
            end
        ) as item
    from {{ relation }}
{%- endmacro %}

{% macro spark__is_one_of(text, words) -%}
    array_contains(split({{ words }}, '[|]'), {{ text }})
{%- endmacro %}

{#- Interpolated and exact, as percentile_cont; without an own sort for each. -#}
{% macro spark__percentile(column, fraction) -%}
    percentile({{ column }}, {{ fraction }})
{%- endmacro %}

{% macro spark__seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }}
            then (unix_micros({{ stop }}) - unix_micros({{ start }})) div 1000000
    end
{%- endmacro %}

{% macro spark__exact_seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }}
            then cast(unix_micros({{ stop }}) - unix_micros({{ start }}) as double) / 1000000
    end
{%- endmacro %}

{% macro spark__days_from(first_day, last_day) -%}
    cast(datediff({{ last_day }}, {{ first_day }}) as bigint)
{%- endmacro %}

{% macro spark__earliest_start(day) -%}
    cast('{{ day }} 00:00:00+00:00' as timestamp)
{%- endmacro %}

{% macro spark__iso_weekday(day) -%}
    (weekday({{ day }}) + 1)
{%- endmacro %}

{% macro spark__local_date(instant) -%}
    cast(convert_timezone('{{ rootly.time_zone() }}', {{ instant }}) as date)
{%- endmacro %}

{% macro spark__end_of_day(day) -%}
    {{ rootly.instant_of(day, 24, "'" ~ rootly.time_zone() ~ "'") }}
{%- endmacro %}

{% macro spark__local_time(instant, zone) -%}
    convert_timezone({{ zone }}, {{ instant }})
{%- endmacro %}

{#- Whatever the session's zone is. -#}
{% macro spark__instant_of(day, hour, zone) -%}
    {%- set of_day = 'date_add(' ~ day ~ ', ' ~ hour // 24 ~ ')' -%}
    make_timestamp(
        year({{ of_day }}), month({{ of_day }}), day({{ of_day }}), {{ hour % 24 }}, 0, 0, {{ zone }}
    )
{%- endmacro %}

{% macro spark__days_between(first_day, last_day, relation, keys) -%}
    select
        {% for key in keys %}{{ key }}, {% endfor -%}
        explode(sequence({{ first_day }}, {{ last_day }})) as metric_date
    from {{ relation }}
{%- endmacro %}

{#- dbt's own version leaves the order to chance. -#}
{% macro spark__listed(text) -%}
    array_join(sort_array(collect_list({{ text }})), ', ')
{%- endmacro %}
