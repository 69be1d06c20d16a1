{#- What a user may set: the variables of dbt_project.yml. -#}

{#- A variable: as ROOTLY_DBT_VARS in the environment (an object, JSON or YAML) has it, else as dbt does. -#}
{% macro variable(name) -%}
    {%- set given = fromyaml(env_var('ROOTLY_DBT_VARS', '') or '{}') -%}
    {%- if given is not mapping -%}
        {{ exceptions.raise_compiler_error("ROOTLY_DBT_VARS should be an object of dbt's variables.") }}
    {%- endif -%}
    {{ return(given[name] if name in given else var(name)) }}
{%- endmacro %}
