{#- The periods that metrics are given by. -#}

{#- Names of the periods that are longer than a day. -#}
{% macro longer_periods() -%}
    {{ return(['week', 'month', 'quarter']) }}
{%- endmacro %}

{#- Names of all periods. -#}
{% macro periods() -%}
    {{ return(['day'] + rootly.longer_periods()) }}
{%- endmacro %}

{#- First day of the period (week from Monday, month, quarter) that a date lies in. -#}
{% macro period_start(period, day) -%}
    {{ return(adapter.dispatch('period_start', 'rootly')(period, day)) }}
{%- endmacro %}

{% macro default__period_start(period, day) -%}
    cast(date_trunc('{{ period }}', {{ day }}) as date)
{%- endmacro %}

{#-
    Periods of which all records of a list were read, as a query of (`period`, `period_start`): begun after the day
    with which its data begins, over at its last sync. A first read goes backwards: a record of before where it has
    come to was sent late, and says nothing of others.

    Args:
        table: the raw table of the list.
        days: a relation with `metric_date`, a day of each period that is asked for.
        history: its records, with their days as `started_on`: the first is that with which its data begins.
-#}
{% macro whole_periods(table, days, history) -%}
    select
        candidates.period,
        candidates.period_start
    from (
        {%- for period in periods() %}
        {%- if not loop.first %}
        union all
        {%- endif %}
        select distinct
            '{{ period }}' as period,
            {{ period_start(period, days ~ '.metric_date') }} as period_start,
            {{ period_start(period, local_date('clock.data_loaded_at')) }} as running_since
        from {{ days }}
        cross join (select {{ data_loaded_at(table) }} as data_loaded_at) as clock
        {%- endfor %}
    ) as candidates
    cross join (
        select min(started_on) as first_day
        from {{ history }}
    ) as known
    cross join (
        select {{ local_date('max(back_to)') }} as back_to
        from {{ ref('stg_rootly__syncs') }}
        where table_name = '{{ table }}'
    ) as reading
    where
        candidates.period_start > known.first_day
        and (reading.back_to is null or candidates.period_start > reading.back_to)
        and candidates.period_start < candidates.running_since
{%- endmacro %}

{#-
    The whole of a model: periods of which all records of a list were read whose days are those of incidents. One
    that was written down afterwards does not say that the others of its time were.

    Args:
        table: the raw table of the list.
-#}
{% macro whole_incident_periods(table) -%}
with incidents as (

    select started_on
    from {{ ref('int_rootly__incident_populations') }}
    where population = 'strict' and is_detection_eligible

),

days as (

    select distinct metric_date from {{ ref('int_rootly__metric_days') }}

),

final as (

    {{ rootly.whole_periods(table, 'days', 'incidents') }}

)

select * from final
{%- endmacro %}
