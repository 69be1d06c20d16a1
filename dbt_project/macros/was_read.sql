{#-
    What was read of a list, as a query of one row: `was_read`, whether it ever was (the syncs say so, or its
    rows do, where somebody else loaded them); `back_to`, how far back its first read has come, null where that
    is done; `synced_at`, until when. Where a list was not read, nobody knows what is in it: missing is no zero.

    Args:
        table: the raw table.
        relation: its rows in the model.
        column: any text column of them.
-#}
{% macro was_read(table, relation, column) -%}
    select
        count(*) > 0 as was_read,
        max(back_to) as back_to,
        max(synced_at) as synced_at
    from (
        select
            table_name as witness,
            back_to,
            synced_at
        from {{ ref('stg_rootly__syncs') }}
        where table_name = '{{ table }}' and synced_at is not null
        union all
        select
            {{ column }} as witness,
            cast(null as {{ type_instant() }}) as back_to,
            cast(null as {{ type_instant() }}) as synced_at
        from {{ relation }}
    ) as witnesses
{%- endmacro %}

{#-
    Whether a list was read as it was at an instant: what was created then is there. Never null; true at any
    instant where no sync says how far somebody else has read.

    Args:
        instant: SQL of the instant.
        reading: a relation with the row of `was_read`.
-#}
{% macro was_read_at(instant, reading) -%}
    (
        {{ reading }}.was_read
        and ({{ reading }}.back_to is null or coalesce({{ instant }} >= {{ reading }}.back_to, false))
        and (
            {{ reading }}.synced_at is null
            or coalesce({{ instant }} <= {{ reading }}.synced_at, false)
        )
    )
{%- endmacro %}
