{#-
    Percentiles of values that were counted: one row a group and value, with how many records have it
    (`value_count`). No group's values are ever held as one list, so that any number of them fits into
    the memory that there is, and every warehouse says the same.

    Several populations are ranked by one sort: each has counts of its own, which may be zero, under names that
    begin with it (`strict_value_count`). To the macros below it is named by that beginning (`of`).
-#}

{#-
    The rows of a relation that meet a condition, with `n` of their group (`keys`), and how many of it have this
    value or a smaller one (`reached`), of each population.
-#}
{% macro ranked(relation, condition, keys, value, populations=['']) -%}
    select
        *,
        {%- for of in populations %}
        cast(
            sum({{ of }}value_count) over (
                partition by {{ keys | join(', ') }}
                order by {{ value }}
                rows between unbounded preceding and current row
            ) as bigint
        ) as {{ of }}reached,
        cast(sum({{ of }}value_count) over (partition by {{ keys | join(', ') }}) as bigint) as {{ of }}n
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ relation }}
    where {{ condition }}
{%- endmacro %}

{#- The smallest value of a group of `ranked` rows for which a condition on `reached` and `n` holds. -#}
{% macro value_where(value, condition) -%}
    min(case when {{ condition }} then {{ value }} end)
{%- endmacro %}

{#-
    A percentile (0 to 1) of a group of `ranked` rows, interpolated between neighbours. Ranks are compared in
    whole numbers: rows are many, and decimals are slow. Of a population that has none it means nothing.
-#}
{% macro ranked_percentile(value, fraction, of='') -%}
    {%- set percent = (100 * fraction) | round | int -%}
    {%- set last = percent ~ ' * (' ~ of ~ 'n - 1)' -%}
    {%- set low = rootly.value_where(value, '100 * ' ~ of ~ 'reached > ' ~ last) -%}
    {%- set high = rootly.value_where(value, '100 * (' ~ of ~ 'reached - 1) >= ' ~ last) -%}
    {%- set place = fraction ~ ' * (max(' ~ of ~ 'n) - 1)' -%}
    cast({{ low }} as {{ rootly.type_double() }})
    + cast({{ place }} - floor({{ place }}) as {{ rootly.type_double() }}) * ({{ high }} - {{ low }})
{%- endmacro %}

{#- The mean of a group of `ranked` rows. -#}
{% macro ranked_mean(value, of='') -%}
    cast(sum({{ value }} * {{ of }}value_count) as {{ rootly.type_double() }}) / nullif(max({{ of }}n), 0)
{%- endmacro %}

{#-
    The 90 % interval of a median, of a group of `ranked` rows: the value at a rank below and one above
    the middle. It is the closed form of the bootstrap's percentile interval: the median of a resample
    of n values lies between the order statistics n/2 -/+ 1.645 * sqrt(n)/2 with 90 %.
    Null for fewer than ten values: their interval would be as wide as all of them.
-#}
{% macro ranked_median_bound(value, side, of='') -%}
    {%- set n = of ~ 'n' -%}
    {%- set rank = {
        'low': 'greatest(1, floor(' ~ n ~ ' / 2.0 - 0.8225 * sqrt(' ~ n ~ ')))',
        'high': 'least(' ~ n ~ ', ceil(' ~ n ~ ' / 2.0 + 0.8225 * sqrt(' ~ n ~ ')) + 1)',
    }[side] -%}
    case
        when max({{ n }}) >= 10 then {{ rootly.value_where(value, of ~ 'reached >= ' ~ rank) }}
    end
{%- endmacro %}

{#-
    What is said of a group of `ranked` rows, as columns: how many there are, mean, median with its interval, 75th and
    90th percentile. Their names begin with those of the population, and end with that of the value.
-#}
{% macro ranked_statistics(value, of='') -%}
        max({{ of }}n) as {{ of }}n,
        {{ rootly.ranked_mean(value, of) }} as {{ of }}mean_{{ value }},
        {{ rootly.ranked_percentile(value, 0.5, of) }} as {{ of }}median_{{ value }},
        {{ rootly.ranked_median_bound(value, 'low', of) }} as {{ of }}median_low_{{ value }},
        {{ rootly.ranked_median_bound(value, 'high', of) }} as {{ of }}median_high_{{ value }},
        {{ rootly.ranked_percentile(value, 0.75, of) }} as {{ of }}p75_{{ value }},
        {{ rootly.ranked_percentile(value, 0.9, of) }} as {{ of }}p90_{{ value }}
{%- endmacro %}
