{#-
    Redshift's versions. JSON columns are SUPER, instants TIMESTAMP WITH TIME ZONE. What is not here is
    PostgreSQL's version, whose dialect this one grew from.
-#}

{% macro redshift__is_same(one, other) -%}
    coalesce({{ one }} = {{ other }}, {{ one }} is null and {{ other }} is null)
{%- endmacro %}

{% macro redshift__json_text(column, path) -%}
    cast({{ column }}{% for key in path %}."{{ key }}"{% endfor %} as varchar)
{%- endmacro %}

{% macro redshift__json_field(column, key) -%}
    {{ column }}."{{ key }}"
{%- endmacro %}

{% macro redshift__json_text_at(column, key, index) -%}
    cast({{ column }}."{{ key }}"[{{ index }}] as varchar)
{%- endmacro %}

{% macro redshift__json_string(column) -%}
    case when is_varchar({{ column }}) then cast({{ column }} as varchar) end
{%- endmacro %}

{% macro redshift__json_scalar(column) -%}
    case when is_scalar({{ column }}) then cast({{ column }} as varchar) end
{%- endmacro %}

{#- A path in FROM is unnested; another kind of value than an array would be one row of itself. -#}
{% macro redshift__json_items(relation, keys, column) -%}
    select
        {{ keys | join(', ') }},
        item
    from {{ relation }} as holders, holders.{{ column }} as item
    where is_array(holders.{{ column }})
    union all
    select
        {{ keys | join(', ') }},
        item
    from {{ relation }} as holders, holders.{{ column }}."data" as item
    where is_array(holders.{{ column }}."data")
{%- endmacro %}

{% macro redshift__is_one_of(text, words) -%}
    strpos('|' || {{ words }} || '|', '|' || {{ text }} || '|') > 0
{%- endmacro %}

{% macro redshift__seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }}
            then cast(floor(datediff(microsecond, {{ start }}, {{ stop }}) / 1000000.0) as bigint)
    end
{%- endmacro %}

{% macro redshift__exact_seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }}
            then cast(datediff(microsecond, {{ start }}, {{ stop }}) as double precision) / 1000000
    end
{%- endmacro %}

{% macro redshift__iso_weekday(day) -%}
    (mod(cast(extract(dow from {{ day }}) as integer) + 6, 7) + 1)
{%- endmacro %}

{#- generate_series runs on the leader node alone, where no table can be read: digits count instead, 27 years of days. -#}
{% macro redshift__days_between(first_day, last_day, relation, keys) -%}
    {%- set digits -%}
    (
        {%- for digit in range(10) %}
        select {{ digit }} as digit{{ ' union all' if not loop.last }}
        {%- endfor %}
    )
    {%- endset %}
    select
        {% for key in keys %}{{ key }}, {% endfor -%}
        cast(dateadd(day, numbers.number, {{ first_day }}) as date) as metric_date
    from {{ relation }}
    cross join (
        select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as number
        from {{ digits }} as ones
        cross join {{ digits }} as tens
        cross join {{ digits }} as hundreds
        cross join {{ digits }} as thousands
    ) as numbers
    where numbers.number <= datediff(day, {{ first_day }}, {{ last_day }})
{%- endmacro %}
