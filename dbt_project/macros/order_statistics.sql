{#-
    Percentiles of values that were counted: one row a group and value, with how many records have it
    (`value_count`). No group's values are ever held as one list, so that any number of them fits into
    the memory that there is, and every warehouse says the same.
-#}

{#- The rows of a relation, with `n` of their group (`keys`), and how many of it have this value or a smaller one (`reached`). -#}
{% macro ranked(relation, keys, value) -%}
    select
        *,
        cast(
            sum(value_count) over (
                partition by {{ keys | join(', ') }}
                order by {{ value }}
                rows between unbounded preceding and current row
            ) as bigint
        ) as reached,
        cast(sum(value_count) over (partition by {{ keys | join(', ') }}) as bigint) as n
    from {{ relation }}
{%- endmacro %}

{#- The value at a rank, counted from 0, of a group of `ranked` rows; the rank is SQL of `n`. -#}
{% macro value_at_rank(value, rank) -%}
    min(case when reached > {{ rank }} then {{ value }} end)
{%- endmacro %}

{#- A percentile (0 to 1) of a group of `ranked` rows, interpolated between neighbours. -#}
{% macro ranked_percentile(value, fraction) -%}
    {%- set low = rootly.value_at_rank(value, 'floor(' ~ fraction ~ ' * (n - 1))') -%}
    {%- set high = rootly.value_at_rank(value, 'ceil(' ~ fraction ~ ' * (n - 1))') -%}
    {%- set place = fraction ~ ' * (max(n) - 1)' -%}
    cast({{ low }} as {{ rootly.type_double() }})
    + cast({{ place }} - floor({{ place }}) as {{ rootly.type_double() }}) * ({{ high }} - {{ low }})
{%- endmacro %}

{#- The mean of a group of `ranked` rows. -#}
{% macro ranked_mean(value) -%}
    cast(sum({{ value }} * value_count) as {{ rootly.type_double() }}) / nullif(max(n), 0)
{%- endmacro %}

{#-
    The 90 % interval of a median, of a group of `ranked` rows: the value at a rank below and one above
    the middle. It is the closed form of the bootstrap's percentile interval: the median of a resample
    of n values lies between the order statistics n/2 -/+ 1.645 * sqrt(n)/2 with 90 %.
    Null for fewer than ten values: their interval would be as wide as all of them.
-#}
{% macro ranked_median_bound(value, side) -%}
    case
        when max(n) >= 10
            then
                {% if side == 'low' -%}
                {{ rootly.value_at_rank(value, 'greatest(1, floor(n / 2.0 - 0.8225 * sqrt(n))) - 1') }}
                {%- else -%}
                {{ rootly.value_at_rank(value, 'least(n, ceil(n / 2.0 + 0.8225 * sqrt(n)) + 1) - 1') }}
                {%- endif %}
    end
{%- endmacro %}
