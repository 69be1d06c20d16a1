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
