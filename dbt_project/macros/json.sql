{#-
    Reading JSON columns. Dispatched on the adapter, as all that warehouses say differently: portable.sql
    names the files.
-#}

{#- Text at a path of keys inside a JSON column; null where there is none. -#}
{% macro json_text(column, path) -%}
    {{ return(adapter.dispatch('json_text', 'rootly')(column, path)) }}
{%- endmacro %}

{% macro duckdb__json_text(column, path) -%}
    json_extract_string({{ column }}, '$.{{ path | join(".") }}')
{%- endmacro %}

{% macro postgres__json_text(column, path) -%}
    ({{ column }} #>> '{% raw %}{{% endraw %}{{ path | join(",") }}{% raw %}}{% endraw %}')
{%- endmacro %}

{#- The JSON under a key of a JSON column; null where there is none. -#}
{% macro json_field(column, key) -%}
    {{ return(adapter.dispatch('json_field', 'rootly')(column, key)) }}
{%- endmacro %}

{% macro duckdb__json_field(column, key) -%}
    json_extract({{ column }}, '$.{{ key }}')
{%- endmacro %}

{% macro postgres__json_field(column, key) -%}
    ({{ column }} -> '{{ key }}')
{%- endmacro %}

{#- Text of the element at an index (from 0) of the array under a key of a JSON column; null where there is none. -#}
{% macro json_text_at(column, key, index) -%}
    {{ return(adapter.dispatch('json_text_at', 'rootly')(column, key, index)) }}
{%- endmacro %}

{% macro duckdb__json_text_at(column, key, index) -%}
    json_extract_string({{ column }}, '$.{{ key }}[{{ index }}]')
{%- endmacro %}

{% macro postgres__json_text_at(column, key, index) -%}
    ({{ column }} -> '{{ key }}' ->> {{ index }})
{%- endmacro %}

{#- Text of a JSON column that is itself a string; null where it is anything else. -#}
{% macro json_string(column) -%}
    {{ return(adapter.dispatch('json_string', 'rootly')(column)) }}
{%- endmacro %}

{% macro duckdb__json_string(column) -%}
    case when json_type({{ column }}) = 'VARCHAR' then json_extract_string({{ column }}, '$') end
{%- endmacro %}

{% macro postgres__json_string(column) -%}
    case when jsonb_typeof({{ column }}) = 'string' then {{ column }} #>> '{}' end
{%- endmacro %}

{#- Text of a JSON column that is a string, a number or a boolean; null where it is anything else. -#}
{% macro json_scalar(column) -%}
    {{ return(adapter.dispatch('json_scalar', 'rootly')(column)) }}
{%- endmacro %}

{% macro duckdb__json_scalar(column) -%}
    case
        when json_type({{ column }}) not in ('ARRAY', 'OBJECT', 'NULL')
            then json_extract_string({{ column }}, '$')
    end
{%- endmacro %}

{% macro postgres__json_scalar(column) -%}
    case
        when jsonb_typeof({{ column }}) in ('string', 'number', 'boolean') then {{ column }} #>> '{}'
    end
{%- endmacro %}

{#-
    A query with one row an element of a JSON array: the columns in `keys`, then `item` (JSON).
    The array may be bare or wrapped as {"data": [...]}; anything else gives no rows.
-#}
{% macro json_items(relation, keys, column) -%}
    {{ return(adapter.dispatch('json_items', 'rootly')(relation, keys, column)) }}
{%- endmacro %}

{% macro duckdb__json_items(relation, keys, column) -%}
    select
        {{ keys | join(', ') }},
        unnest(list_concat(
            json_extract({{ column }}, '$[*]'), json_extract({{ column }}, '$.data[*]')
        )) as item
    from {{ relation }}
{%- endmacro %}

{% macro postgres__json_items(relation, keys, column) -%}
    select
        {{ keys | join(', ') }},
        items.item
    from {{ relation }}
    cross join lateral jsonb_array_elements(
        case
            when jsonb_typeof({{ column }}) = 'array' then {{ column }}
            when jsonb_typeof({{ column }} -> 'data') = 'array' then {{ column }} -> 'data'
            else '[]'
        end
    ) as items (item)
{%- endmacro %}

{#- Id of a nested resource: wrapped ({"data": {"id": ...}}), flat ({"id": ...}) or a bare id. -#}
{% macro nested_id(column) -%}
    coalesce(
        {{ rootly.json_text(column, ['data', 'id']) }},
        {{ rootly.json_text(column, ['id']) }},
        {{ rootly.json_string(column) }}
    )
{%- endmacro %}

{#- Name of a nested resource, wrapped or flat. -#}
{% macro nested_name(column) -%}
    coalesce(
        {{ rootly.json_text(column, ['data', 'attributes', 'name']) }},
        {{ rootly.json_text(column, ['attributes', 'name']) }},
        {{ rootly.json_text(column, ['name']) }}
    )
{%- endmacro %}

{#- Slug of a nested resource, wrapped or flat. -#}
{% macro nested_slug(column) -%}
    coalesce(
        {{ rootly.json_text(column, ['data', 'attributes', 'slug']) }},
        {{ rootly.json_text(column, ['attributes', 'slug']) }},
        {{ rootly.json_text(column, ['slug']) }}
    )
{%- endmacro %}
