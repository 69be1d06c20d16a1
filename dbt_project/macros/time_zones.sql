{#- Time zones of people and schedules, which are values of columns. Dispatched where dialects differ. -#}

{#- A query with the names (`name`) of all time zones that the warehouse knows: any other one would fail a whole model. -#}
{% macro known_time_zones() -%}
    {{ return(adapter.dispatch('known_time_zones', 'rootly')()) }}
{%- endmacro %}

{#- Where the warehouse does not list them: those that Rootly itself offers. -#}
{% macro default__known_time_zones() -%}
    select distinct time_zone as name from {{ ref('rootly_rails_time_zones') }}
{%- endmacro %}

{#- Here the list would be the leader node's alone. -#}
{% macro redshift__known_time_zones() -%}
    {{ rootly.default__known_time_zones() }}
{%- endmacro %}

{% macro duckdb__known_time_zones() -%}
    select distinct zones.name from pg_timezone_names() as zones
{%- endmacro %}

{% macro postgres__known_time_zones() -%}
    select distinct zones.name from pg_timezone_names as zones
{%- endmacro %}

{#- Wall-clock time of an instant in a zone that the warehouse knows. -#}
{% macro local_time(instant, zone) -%}
    {{ return(adapter.dispatch('local_time', 'rootly')(instant, zone)) }}
{%- endmacro %}

{% macro default__local_time(instant, zone) -%}
    ({{ instant }} at time zone {{ zone }})
{%- endmacro %}

{#- The instant at which a wall clock in a zone shows an hour (0 to 24) of a day. -#}
{% macro instant_of(day, hour, zone) -%}
    {{ return(adapter.dispatch('instant_of', 'rootly')(day, hour, zone)) }}
{%- endmacro %}

{% macro default__instant_of(day, hour, zone) -%}
    (cast({{ day }} as timestamp) + interval '{{ hour }} hours') at time zone {{ zone }}
{%- endmacro %}

{#- Seconds that two spans of time have in common, with their fraction; 0 where they do not meet. -#}
{% macro seconds_in_common(start, stop, other_start, other_stop) -%}
    coalesce({{ rootly.exact_seconds_between(
        'greatest(' ~ start ~ ', ' ~ other_start ~ ')', 'least(' ~ stop ~ ', ' ~ other_stop ~ ')'
    ) }}, 0)
{%- endmacro %}
