{#-
    Name of the preset of hours, the variable `rootly_hour_preset`. One that the seed rootly_hour_bands does not have
    stops the model with the names that there are: no hour would lie in its bands, and none be after hours.
-#}
{% macro hour_preset() -%}
    {%- set preset = rootly.variable('rootly_hour_preset') -%}
    {#- A unit test sees no graph. -#}
    {%- if execute and graph.nodes is defined -%}
        {%- set known = graph.nodes['seed.rootly.rootly_hour_bands'].columns.preset.meta.presets -%}
        {%- if preset not in known -%}
            {{ exceptions.raise_compiler_error(
                "The variable rootly_hour_preset is '" ~ preset
                ~ "', which is no preset of the seed rootly_hour_bands. Choose one of: "
                ~ known | join(', ') ~ "."
            ) }}
        {%- endif -%}
    {%- endif -%}
    {{ preset }}
{%- endmacro %}
