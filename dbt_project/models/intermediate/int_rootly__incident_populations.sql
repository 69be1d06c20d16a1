{{ config(materialized='table') }}

{%- set populations = {
    'parity': {'members': 'is_parity_kind', 'detection': 'true', 'times': 'parity_'},
    'strict': {'members': 'is_response_incident', 'detection': 'is_real_time', 'times': ''},
} -%}

with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

durations as (

    select * from {{ ref('int_rootly__incident_durations') }}

),

countable as (

    select
        durations.*,
        incidents.started_at
    from durations
    inner join incidents on durations.incident_id = incidents.incident_id
    where durations.has_plausible_start and not incidents.is_deleted

),

final as (

    {%- for population, rule in populations.items() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ population }}' as population,
        incident_id,
        started_at,
        started_on,
        {{ rule.detection }} as is_detection_eligible,
        {%- for time in incident_times() %}
        {%- set counted = rule.detection if time in ['detection', 'acknowledge'] else 'true' %}
        case when {{ counted }} then {{ rule.times }}{{ time }}_time_seconds end
            as {{ time }}_time_seconds,
        {%- endfor %}
        mitigation_is_inferred
    from countable
    where {{ rule.members }}
    {%- endfor %}

)

select * from final
