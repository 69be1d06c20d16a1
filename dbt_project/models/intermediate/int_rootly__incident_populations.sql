{{ config(materialized='table') }}

{%- set populations = {
    'parity': {'members': 'is_parity_kind', 'detection': 'true'},
    'strict': {'members': 'is_response_incident', 'detection': 'is_real_time'},
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
        mitigation_is_inferred,
        case when {{ rule.detection }} then detection_time_seconds end as detection_time_seconds,
        case when {{ rule.detection }} then acknowledge_time_seconds end
            as acknowledge_time_seconds,
        mitigation_time_seconds,
        resolution_time_seconds
    from countable
    where {{ rule.members }}
    {%- endfor %}

)

select * from final
