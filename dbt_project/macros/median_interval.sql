{#-
    The 90 % interval of a median, from the sorted values of a group: the value at a rank below and one
    above the middle. It is the closed form of the bootstrap's percentile interval: the median of a
    resample of n values lies between the order statistics n/2 -/+ 1.645 * sqrt(n)/2 with 90 %.
    Null for fewer than ten values: their interval would be as wide as all of them.
-#}
{% macro median_interval_bound(sorted_values, n, side) -%}
    case
        when {{ n }} >= 10
            then
                {% if side == 'low' -%}
                {{ rootly.element_at(
                    sorted_values,
                    'cast(greatest(1, floor(' ~ n ~ ' / 2.0 - 0.8225 * sqrt(' ~ n ~ '))) as integer)'
                ) }}
                {%- else -%}
                {{ rootly.element_at(
                    sorted_values,
                    'cast(least(' ~ n ~ ', ceil(' ~ n ~ ' / 2.0 + 0.8225 * sqrt(' ~ n ~ ')) + 1) as integer)'
                ) }}
                {%- endif %}
    end
{%- endmacro %}

{#- The values of a group in order, without nulls, as `element_at` takes them. -#}
{% macro sorted_values(column) -%}
    {{ return(adapter.dispatch('sorted_values', 'rootly')(column)) }}
{%- endmacro %}

{% macro default__sorted_values(column) -%}
    array_agg({{ column }} order by {{ column }}) filter (where {{ column }} is not null)
{%- endmacro %}

{#- A sort within the aggregate takes DuckDB half as long again. -#}
{% macro duckdb__sorted_values(column) -%}
    list_sort(array_agg({{ column }}) filter (where {{ column }} is not null))
{%- endmacro %}

{#- The value (bigint) at a place of sorted values, counted from 1. -#}
{% macro element_at(sorted_values, place) -%}
    {{ return(adapter.dispatch('element_at', 'rootly')(sorted_values, place)) }}
{%- endmacro %}

{% macro default__element_at(sorted_values, place) -%}
    ({{ sorted_values }})[{{ place }}]
{%- endmacro %}

{#- First day of the period (week from Monday, month, quarter) that a date lies in. -#}
{% macro period_start(period, day) -%}
    {{ return(adapter.dispatch('period_start', 'rootly')(period, day)) }}
{%- endmacro %}

{% macro default__period_start(period, day) -%}
    cast(date_trunc('{{ period }}', {{ day }}) as date)
{%- endmacro %}
