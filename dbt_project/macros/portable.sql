{#-
    Types, names and operators that warehouses spell differently. What only one of them needs to be
    told apart lies in dialects/, a file a warehouse: its versions of the macros of json.sql, time.sql,
    time_zones.sql, incident_metrics.sql, periods.sql, panel_series.sql and this file.
-#}

{#- Numbers in double precision. -#}
{% macro type_double() -%}
    {{ return(adapter.dispatch('type_double', 'rootly')()) }}
{%- endmacro %}

{% macro default__type_double() -%} double precision {%- endmacro %}

{#- Text of any length. -#}
{% macro type_text() -%}
    {{ return(adapter.dispatch('type_text', 'rootly')()) }}
{%- endmacro %}

{% macro default__type_text() -%} varchar {%- endmacro %}

{#- Instants. -#}
{% macro type_instant() -%}
    {{ return(adapter.dispatch('type_instant', 'rootly')()) }}
{%- endmacro %}

{% macro default__type_instant() -%} timestamp with time zone {%- endmacro %}

{#- A column of a raw table whose name is a reserved word somewhere, quoted as the table was made. -#}
{% macro raw_column(name) -%}
    {{ return(adapter.dispatch('raw_column', 'rootly')(name)) }}
{%- endmacro %}

{% macro default__raw_column(name) -%} {{ adapter.quote(name) }} {%- endmacro %}

{#- Whether two values are the same, nulls included. -#}
{% macro is_same(one, other) -%}
    {{ return(adapter.dispatch('is_same', 'rootly')(one, other)) }}
{%- endmacro %}

{% macro default__is_same(one, other) -%} ({{ one }} is not distinct from {{ other }}) {%- endmacro %}

{#- Joins two queries into one without rows that are twice. -#}
{% macro union_distinct() -%}
    {{ return(adapter.dispatch('union_distinct', 'rootly')()) }}
{%- endmacro %}

{% macro default__union_distinct() -%} union {%- endmacro %}

{#- The texts of a group in order, with commas between them. -#}
{% macro listed(text) -%}
    {{ return(adapter.dispatch('listed', 'rootly')(text)) }}
{%- endmacro %}

{% macro default__listed(text) -%}
    {{ dbt.listagg(text, "', '", 'order by ' ~ text) }}
{%- endmacro %}
