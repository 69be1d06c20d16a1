{#- Hours of one's own: the variable rootly_hour_bands, whose rows are a preset beside those of the seed so named. -#}

{#-
    The rows of the variable, none where it is not given. Each hour of weekdays and of weekends has to lie in one
    band: in none, an interruption would be in no figure; in two, it would count twice.
-#}
{% macro own_hour_bands() -%}
    {#- Said where a model is made, as of a preset that there is not; to parse the project, nobody needs them. -#}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set bands = rootly.variable('rootly_hour_bands') or [] -%}
    {%- if bands is string or bands is mapping or bands is not iterable -%}
        {{ rootly.refuse_hour_bands("is " ~ bands ~ ", but should be a list of rows") }}
    {%- endif -%}
    {%- for row in bands -%}
        {%- set complaint = rootly.complaint_of_hour_band(row) -%}
        {%- if complaint -%}
            {{ rootly.refuse_hour_bands("has the row " ~ row ~ ", but " ~ complaint) }}
        {%- endif -%}
    {%- endfor -%}
    {#- Figures are by band, and a band of both kinds would have them twice. -#}
    {%- for row in bands -%}
        {%- set same = bands | selectattr('band', 'equalto', row.band) -%}
        {%- if same | map(attribute='after_hours') | unique | list | length > 1 -%}
            {{ rootly.refuse_hour_bands(
                "has the band " ~ row.band ~ " both within and after hours, but a band should be one of the two"
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- for days in (['weekdays', 'weekends'] if bands else []) -%}
        {%- for hour in range(24) -%}
            {%- set found = [] -%}
            {%- for row in bands if row.days == days and row['from'] <= hour < row.until -%}
                {%- do found.append(row.band) -%}
            {%- endfor -%}
            {%- if found | length != 1 -%}
                {{ rootly.refuse_hour_bands(
                    "has " ~ (('the bands ' ~ found | join(' and ')) if found else 'no band')
                    ~ " from " ~ hour ~ " to " ~ (hour + 1) ~ " on " ~ days
                    ~ ", but should have one for each hour from 0 to 24"
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(bands) }}
{%- endmacro %}

{#- What is wrong with one row by itself, in words; nothing where it can be meant. -#}
{% macro complaint_of_hour_band(row) -%}
    {%- if row is not mapping
        or row | map('string') | sort != ['after_hours', 'band', 'days', 'from', 'until'] -%}
        {{ return("should have days, from, until, band and after_hours") }}
    {%- elif row.days not in ['weekdays', 'weekends'] -%}
        {{ return("days should be weekdays or weekends") }}
    {%- elif row['from'] is not integer or row.until is not integer
        or not 0 <= row['from'] < row.until <= 24 -%}
        {{ return("from and until should be whole hours from 0 to 24, the earlier one first (a night is two rows)") }}
    {#- Warehouses escape these in texts each in a way of its own. -#}
    {%- elif row.band is not string or not modules.re.fullmatch("[^'\\\\\\n\\r]*\\w[^'\\\\\\n\\r]*", row.band) -%}
        {{ return("band should be a name without quotes and backslashes") }}
    {%- elif row.after_hours is not boolean -%}
        {{ return("after_hours should be true or false") }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{#- Stops with what is wrong, and what to write. -#}
{% macro refuse_hour_bands(complaint) -%}
    {{ exceptions.raise_compiler_error(
        "The variable rootly_hour_bands " ~ complaint ~ '. Write rows like {"days": "weekdays", "from": 0, "until": 9,'
        ~ ' "band": "night", "after_hours": true} for all hours of weekdays and of weekends.'
    ) }}
{%- endmacro %}
