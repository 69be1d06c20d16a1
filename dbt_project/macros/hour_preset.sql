{#-
    Name of the preset of hours: `own` where the variable `rootly_hour_bands` gives them, else the variable
    `rootly_hour_preset`. One that there is not stops the model with the names that there are: no hour would lie in
    its bands, and none be after hours. So does one beside hours of one's own, since one of the two is not meant.
-#}
{% macro hour_preset() -%}
    {%- set preset = rootly.variable('rootly_hour_preset') -%}
    {%- set is_own = rootly.own_hour_bands() | length > 0 -%}
    {#- A unit test sees no graph. -#}
    {%- if execute and graph.nodes is defined -%}
        {%- set known = graph.nodes['seed.rootly.rootly_hour_bands'].columns.preset.meta.presets -%}
        {%- if preset not in known + ['own'] -%}
            {{ exceptions.raise_compiler_error(
                "The variable rootly_hour_preset is '" ~ preset
                ~ "', which is no preset of the seed rootly_hour_bands. Choose one of: "
                ~ known | join(', ') ~ "; or give hours of your own by the variable rootly_hour_bands."
            ) }}
        {%- endif -%}
    {%- endif -%}
    {%- if execute and preset == 'own' and not is_own -%}
        {{ rootly.refuse_hour_bands("is empty, but rootly_hour_preset is 'own'") }}
    {#- Its default says nothing: whoever gives bands need not choose them as well. -#}
    {%- elif is_own and preset not in ['own', 'rootly'] -%}
        {{ exceptions.raise_compiler_error(
            "The variable rootly_hour_preset is '" ~ preset ~ "', but rootly_hour_bands gives hours of your own."
            ~ " Write 'own' for the preset, or [] for the bands."
        ) }}
    {%- endif -%}
    {{ 'own' if is_own else preset }}
{%- endmacro %}
