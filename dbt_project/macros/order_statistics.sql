{#-
    Percentiles of values that were counted: one row a group and value, with how many records have it
    (`value_count`). No group's values are ever held as one list, so that any number of them fits into
    the memory that there is, and every warehouse says the same.
-#}

{#-
    The rows of a relation that meet a condition, with `n` of their group (`keys`), and how many of it have this
    value or a smaller one (`reached`).
-#}
{% macro ranked(relation, condition, keys, value) -%}
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
    where {{ condition }}
{%- endmacro %}

{#- The smallest value of a group of `ranked` rows for which a condition on `reached` and `n` holds. -#}
{% macro value_where(value, condition) -%}
    min(case when {{ condition }} then {{ value }} end)
{%- endmacro %}

{#-
    A percentile (0 to 1) of a group of `ranked` rows, interpolated between neighbours. Ranks are compared in
    whole numbers: rows are many, and decimals are slow.
-#}
{% macro ranked_percentile(value, fraction) -%}
    {%- set percent = (100 * fraction) | round | int -%}
    {%- set low = rootly.value_where(value, '100 * reached > ' ~ percent ~ ' * (n - 1)') -%}
    {%- set high = rootly.value_where(value, '100 * (reached - 1) >= ' ~ percent ~ ' * (n - 1)') -%}
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
                {{ rootly.value_where(value, 'reached >= greatest(1, floor(n / 2.0 - 0.8225 * sqrt(n)))') }}
                {%- else -%}
                {{ rootly.value_where(value, 'reached >= least(n, ceil(n / 2.0 + 0.8225 * sqrt(n)) + 1)') }}
                {%- endif %}
    end
{%- endmacro %}
