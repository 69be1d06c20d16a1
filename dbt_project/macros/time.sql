{#- Instants, days and the "now" of the metrics. Dispatched on the adapter where dialects differ. -#}

{#- Whole seconds (rounded down) from one instant to a later one; null unless both are known and in order. -#}
{% macro seconds_between(start, stop) -%}
    {{ return(adapter.dispatch('seconds_between', 'rootly')(start, stop)) }}
{%- endmacro %}

{% macro duckdb__seconds_between(start, stop) -%}
    {#- date_diff would count boundaries of seconds, not seconds. -#}
    case
        when {{ stop }} >= {{ start }}
            then cast((epoch_us({{ stop }}) - epoch_us({{ start }})) // 1000000 as bigint)
    end
{%- endmacro %}

{% macro postgres__seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }} and isfinite({{ start }}) and isfinite({{ stop }})
            then cast(floor(extract(epoch from {{ stop }} - {{ start }})) as bigint)
    end
{%- endmacro %}

{#- Seconds from one instant to a later one, with their fraction; null unless both are known and in order. -#}
{% macro exact_seconds_between(start, stop) -%}
    {{ return(adapter.dispatch('exact_seconds_between', 'rootly')(start, stop)) }}
{%- endmacro %}

{% macro duckdb__exact_seconds_between(start, stop) -%}
    case when {{ stop }} >= {{ start }} then (epoch_us({{ stop }}) - epoch_us({{ start }})) / 1000000.0 end
{%- endmacro %}

{% macro postgres__exact_seconds_between(start, stop) -%}
    case
        when {{ stop }} >= {{ start }} and isfinite({{ start }}) and isfinite({{ stop }})
            then cast(extract(epoch from {{ stop }} - {{ start }}) as {{ rootly.type_double() }})
    end
{%- endmacro %}

{#- IANA name of the workspace's time zone: ROOTLY_TIME_ZONE in the environment, else the variable `rootly_time_zone`. -#}
{% macro time_zone() -%}
    {{ env_var('ROOTLY_TIME_ZONE', '') or rootly.variable('rootly_time_zone') }}
{%- endmacro %}

{#- Calendar day of an instant in the workspace's time zone. -#}
{% macro local_date(instant) -%}
    {{ return(adapter.dispatch('local_date', 'rootly')(instant)) }}
{%- endmacro %}

{% macro default__local_date(instant) -%}
    cast({{ instant }} at time zone '{{ rootly.time_zone() }}' as date)
{%- endmacro %}

{#-
    A query with one row for each day between two dates of each row of a relation, both included: the
    columns in `keys`, then `metric_date`.
-#}
{% macro days_between(first_day, last_day, relation, keys=[]) -%}
    {{ return(adapter.dispatch('days_between', 'rootly')(first_day, last_day, relation, keys)) }}
{%- endmacro %}

{% macro duckdb__days_between(first_day, last_day, relation, keys) -%}
    select
        {% for key in keys %}{{ key }}, {% endfor -%}
        cast(unnest(generate_series(
            cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval 1 day
        )) as date) as metric_date
    from {{ relation }}
{%- endmacro %}

{% macro postgres__days_between(first_day, last_day, relation, keys) -%}
    select
        {% for key in keys %}{{ key }}, {% endfor -%}
        cast(generate_series(
            cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval '1 day'
        ) as date) as metric_date
    from {{ relation }}
{%- endmacro %}

{#-
    A query with one row (`metric_date`) for each day from the first on which something started to the
    day of the last sync: days since then on which nothing did are days too.

    Args:
        relation: has the days as `started_on`.
        table: the list whose sync it is; none for the last sync of any.
-#}
{% macro days_until_sync(relation, table) -%}
    {%- set bounds -%}
    (
        select
            min(started_on) as first_day,
            greatest(max(started_on), {{ rootly.local_date(rootly.data_loaded_at(table)) }}) as last_day
        from {{ relation }}
    ) as bounds
    {%- endset %}
    {{- rootly.days_between('first_day', 'last_day', bounds) }}
{%- endmacro %}

{#-
    The instant that what is still going on is measured against, as a scalar subquery: when Rootly was
    last asked for a list, by its own clock. Never the wall clock, so that the same raw tables give the
    same metrics tomorrow. A list that lags behind, or may not be read, says nothing about the others;
    where the named one was never read to its end, the newest sync of any stands in. Null before the first.

    Args:
        table: raw table of the list that is measured; none for the newest sync of any.
-#}
{% macro data_loaded_at(table) -%}
    (
        {%- if table %}
        select
            coalesce(
                max(case when syncs.table_name = '{{ table }}' then syncs.synced_at end),
                max(syncs.synced_at)
            )
        {%- else %}
        select max(syncs.synced_at)
        {%- endif %}
        from {{ ref('stg_rootly__syncs') }} as syncs
    )
{%- endmacro %}

{#- The instant at which a calendar day ends in the workspace's time zone: 23 to 25 hours after its start. -#}
{% macro end_of_day(day) -%}
    {{ return(adapter.dispatch('end_of_day', 'rootly')(day)) }}
{%- endmacro %}

{% macro default__end_of_day(day) -%}
    cast({{ day }} + interval '1' day as timestamp) at time zone '{{ rootly.time_zone() }}'
{%- endmacro %}

{#- An instant a number of units (minute, day) after another; before it where the number is negative. -#}
{% macro later(instant, number, unit) -%}
    {{ return(adapter.dispatch('later', 'rootly')(instant, number | int, unit)) }}
{%- endmacro %}

{% macro default__later(instant, number, unit) -%}
    {{ instant }} {{ '-' if number < 0 else '+' }} interval '{{ number | abs }}' {{ unit }}
{%- endmacro %}

{#- Days (bigint) from one date to another. -#}
{% macro days_from(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_from', 'rootly')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__days_from(first_day, last_day) -%}
    cast({{ last_day }} - {{ first_day }} as bigint)
{%- endmacro %}

{#- What incidents and alerts that count can't have started before, to compare instants with. -#}
{% macro earliest_start() -%}
    {{ return(adapter.dispatch('earliest_start', 'rootly')(rootly.variable('rootly_earliest_start'))) }}
{%- endmacro %}

{% macro default__earliest_start(day) -%}
    cast('{{ day }}' as date)
{%- endmacro %}

{#- Day of the week, 1 for Monday to 7 for Sunday. -#}
{% macro iso_weekday(day) -%}
    {{ return(adapter.dispatch('iso_weekday', 'rootly')(day)) }}
{%- endmacro %}

{% macro default__iso_weekday(day) -%}
    extract(isodow from {{ day }})
{%- endmacro %}

{#-
    The day that lies a number of days after another; where `skips_weekends` is true, Saturdays and Sundays
    are not counted. A weekend day counts as the Friday before it.
-#}
{% macro days_after(day, days, skips_weekends) -%}
    case
        when {{ skips_weekends }} and {{ days }} > 0
            then
                {{ day }} + cast(
                    {{ days }}
                    - greatest({{ rootly.iso_weekday(day) }} - 5, 0)
                    + 2 * floor(
                        (least({{ rootly.iso_weekday(day) }}, 5) - 1 + {{ days }}) / 5.0
                    ) as integer
                )
        else {{ day }} + cast({{ days }} as integer)
    end
{%- endmacro %}
