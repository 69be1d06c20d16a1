{#- Snowflake's versions. JSON columns are VARIANT, instants TIMESTAMP_TZ; names are folded to upper case. -#}

{% macro snowflake__raw_column(name) -%} {{ adapter.quote(name | upper) }} {%- endmacro %}

{% macro snowflake__json_text(column, path) -%}
    cast(get_path({{ column }}, '{{ path | join(".") }}') as varchar)
{%- endmacro %}

{% macro snowflake__json_field(column, key) -%}
    get_path({{ column }}, '{{ key }}')
{%- endmacro %}

{% macro snowflake__json_text_at(column, key, index) -%}
    cast(get_path({{ column }}, '{{ key }}[{{ index }}]') as varchar)
{%- endmacro %}

{% macro snowflake__json_string(column) -%}
    case when is_varchar({{ column }}) then cast({{ column }} as varchar) end
{%- endmacro %}

{% macro snowflake__json_scalar(column) -%}
    case
        when not is_object({{ column }}) and not is_array({{ column }}) then cast({{ column }} as varchar)
    end
{%- endmacro %}

{% macro snowflake__json_items(relation, keys, column) -%}
    select
        {{ keys | join(', ') }},
        items.value as item
    from {{ relation }}
    cross join lateral flatten(
        input => case
            when is_array({{ column }}) then {{ column }}
            when is_array(get_path({{ column }}, 'data')) then get_path({{ column }}, 'data')
        end
    ) as items
{%- endmacro %}

{% macro snowflake__is_one_of(text, words) -%}
    array_contains(to_variant({{ text }}), split({{ words }}, '|'))
{%- endmacro %}

{#- Boundaries of microseconds are counted: the API's instants are no finer. -#}
{% macro snowflake__seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }}
            then cast(floor(datediff(microsecond, {{ start }}, {{ stop }}) / 1000000) as bigint)
    end
{%- endmacro %}

{% macro snowflake__exact_seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }}
            then cast(datediff(microsecond, {{ start }}, {{ stop }}) as double precision) / 1000000
    end
{%- endmacro %}

{% macro snowflake__later(instant, number, unit) -%}
    dateadd({{ unit }}, {{ number }}, {{ instant }})
{%- endmacro %}

{% macro snowflake__iso_weekday(day) -%}
    dayofweekiso({{ day }})
{%- endmacro %}

{% macro snowflake__local_date(instant) -%}
    cast(convert_timezone('{{ rootly.time_zone() }}', {{ instant }}) as date)
{%- endmacro %}

{% macro snowflake__end_of_day(day) -%}
    {{ rootly.instant_of(day, 24, "'" ~ rootly.time_zone() ~ "'") }}
{%- endmacro %}

{% macro snowflake__local_time(instant, zone) -%}
    cast(convert_timezone({{ zone }}, {{ instant }}) as timestamp_ntz)
{%- endmacro %}

{#- By way of text, since a cast would take the wall clock for the session's. -#}
{% macro snowflake__instant_of(day, hour, zone) -%}
    to_timestamp_tz(
        to_char(
            convert_timezone(
                {{ zone }}, 'UTC', dateadd(hour, {{ hour }}, cast({{ day }} as timestamp_ntz))
            ),
            'YYYY-MM-DD HH24:MI:SS'
        ) || ' +0000',
        'YYYY-MM-DD HH24:MI:SS TZHTZM'
    )
{%- endmacro %}

{% macro snowflake__days_between(first_day, last_day, relation, keys) -%}
    select
        {% for key in keys %}{{ key }}, {% endfor -%}
        cast(dateadd(day, offsets.value, {{ first_day }}) as date) as metric_date
    from {{ relation }}
    cross join lateral flatten(
        input => array_generate_range(0, datediff(day, {{ first_day }}, {{ last_day }}) + 1)
    ) as offsets
{%- endmacro %}
