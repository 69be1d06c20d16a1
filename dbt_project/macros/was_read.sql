{#-
    Whether a list was ever read, as a query of one row with the column `was_read`: the syncs say so, or its
    rows do, where somebody else loaded them. Where it was not, nobody knows what is in it: missing is no zero.

    Args:
        table: the raw table.
        relation: its rows in the model.
        column: any text column of them.
-#}
{% macro was_read(table, relation, column) -%}
    select count(*) > 0 as was_read
    from (
        select table_name as witness from {{ ref('stg_rootly__syncs') }}
        where table_name = '{{ table }}' and synced_at is not null
        union all
        select {{ column }} as witness from {{ relation }}
    ) as witnesses
{%- endmacro %}
