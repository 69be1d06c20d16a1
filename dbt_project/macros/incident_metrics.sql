{#- What the metrics of incidents share: the times, their targets, and the columns of every incident_metrics_* mart. -#}

{#- The four times from the start of an incident, by the names of Rootly's own metrics. -#}
{% macro incident_times() -%}
    {{ return(['detection', 'acknowledge', 'mitigation', 'resolution']) }}
{%- endmacro %}

{#- A query with the names (`population`) of the two ways to count incidents. -#}
{% macro population_names() -%}
    select 'parity' as population
    union all
    select 'strict' as population
{%- endmacro %}

{#- The words of a project variable that is a list, as a list of SQL strings. -#}
{% macro words(variable) -%}
    '{{ rootly.variable(variable) | join("', '") }}'
{%- endmacro %}

{#- Seconds from start to mitigation that are within target for a severity's level; null where none is set. -#}
{% macro mitigation_target(level) -%}
    cast(case {{ level }}
        {%- for name, seconds in rootly.variable('rootly_mitigation_targets').items() %}
        when '{{ name }}' then {{ seconds }}
        {%- endfor %}
    end as bigint)
{%- endmacro %}

{#- A percentile (0 to 1), interpolated between neighbours; nulls are left out. -#}
{% macro percentile(column, fraction) -%}
    {{ return(adapter.dispatch('percentile', 'rootly')(column, fraction)) }}
{%- endmacro %}

{#- DuckDB holds the values of a group once for all fractions that a query asks for as one list. -#}
{% macro duckdb__percentile(column, fraction) -%}
    {%- set fractions = [0.5, 0.75, 0.9] -%}
    {%- if fraction in fractions -%}
    (quantile_cont({{ column }}, {{ fractions }}))[{{ fractions.index(fraction) + 1 }}]
    {%- else -%}
    quantile_cont({{ column }}, {{ fraction }})
    {%- endif -%}
{%- endmacro %}

{% macro default__percentile(column, fraction) -%}
    percentile_cont({{ fraction }}) within group (order by {{ column }})
{%- endmacro %}

{#- A mean in double precision, whatever the column is: of whole numbers some warehouses give a decimal. -#}
{% macro mean(column) -%}
    avg(cast({{ column }} as {{ rootly.type_double() }}))
{%- endmacro %}

{#-
    One row a group of a relation that has the columns of int_rootly__incident_populations, with the metrics
    of its incidents. Each time is asked for by itself: Redshift refuses percentiles of several in one query.

    keys: columns to group by.
-#}
{% macro grouped_incident_metrics(relation, keys) -%}
    {%- set keys = keys | join(', ') -%}
    select
        {{ keys }},
        max(incident_count) as incident_count,
        max(detection_eligible_count) as detection_eligible_count,
        max(mitigation_inferred_n) as mitigation_inferred_n
        {%- for time in rootly.incident_times() %}
        {%- for metric in [
            'mean_seconds', 'median_seconds', 'p75_seconds', 'p90_seconds', 'n', 'coverage'
        ] %},
        max(case when measured_time = '{{ time }}' then {{ metric }} end) as {{ time }}_time_{{ metric }}
        {%- endfor %}
        {%- endfor %}
    from (
        {%- for time in rootly.incident_times() %}
        {%- set seconds = time ~ '_time_seconds' %}
        {%- set eligible = 'is_detection_eligible' if time in ['detection', 'acknowledge'] else 'true' %}
        {%- if not loop.first %}
        union all
        {%- endif %}
        select
            {{ keys }},
            '{{ time }}' as measured_time,
            count(*) as incident_count,
            count(case when is_detection_eligible then 1 end) as detection_eligible_count,
            count(case when mitigation_is_inferred then mitigation_time_seconds end)
                as mitigation_inferred_n,
            {{ rootly.mean(seconds) }} as mean_seconds,
            {{ rootly.percentile(seconds, 0.5) }} as median_seconds,
            {{ rootly.percentile(seconds, 0.75) }} as p75_seconds,
            {{ rootly.percentile(seconds, 0.9) }} as p90_seconds,
            count({{ seconds }}) as n,
            cast(count({{ seconds }}) as {{ rootly.type_double() }})
            / nullif(count(case when {{ eligible }} then 1 end), 0) as coverage
        from {{ relation }}
        group by {{ keys }}
        {%- endfor %}
    ) as times
    group by {{ keys }}
{%- endmacro %}

{#- The same columns picked from a left-joined relation: counts are 0 where nothing matched, times null. -#}
{% macro incident_metric_columns(relation) -%}
    coalesce({{ relation }}.incident_count, 0) as incident_count,
    coalesce({{ relation }}.detection_eligible_count, 0) as detection_eligible_count
    {%- for time in rootly.incident_times() %},
    {{ relation }}.{{ time }}_time_mean_seconds,
    {{ relation }}.{{ time }}_time_median_seconds,
    {{ relation }}.{{ time }}_time_p75_seconds,
    {{ relation }}.{{ time }}_time_p90_seconds,
    coalesce({{ relation }}.{{ time }}_time_n, 0) as {{ time }}_time_n,
    coalesce({{ relation }}.{{ time }}_time_n, 0) < 5 as {{ time }}_time_is_small_n,
    {{ relation }}.{{ time }}_time_coverage
    {%- endfor %},
    coalesce({{ relation }}.mitigation_inferred_n, 0) as mitigation_inferred_n
{%- endmacro %}
