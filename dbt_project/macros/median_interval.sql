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
                ({{ sorted_values }})[cast(greatest(1, floor({{ n }} / 2.0 - 0.8225 * sqrt({{ n }}))) as integer)]
                {%- else -%}
                ({{ sorted_values }})[
                    cast(least({{ n }}, ceil({{ n }} / 2.0 + 0.8225 * sqrt({{ n }})) + 1) as integer)
                ]
                {%- endif %}
    end
{%- endmacro %}

{#- First day of the period (week from Monday, month, quarter) that a date lies in. -#}
{% macro period_start(period, day) -%}
    cast(date_trunc('{{ period }}', {{ day }}) as date)
{%- endmacro %}
