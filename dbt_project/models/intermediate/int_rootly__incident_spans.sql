{{ config(materialized='table') }}

with clock as (

    select {{ data_loaded_at('incidents') }} as data_loaded_at

),

-- What nobody has started yet waits too, so that more are here than have times.
spans as (

    select
        durations.incident_id,
        durations.is_parity_kind,
        durations.is_response_incident,
        durations.is_open,
        durations.opened_at,
        -- The first end of an incident's life that no slip puts before its beginning
        -- or into the future.
        case
            when durations.is_open then null
            {%- for end in ['resolved_at', 'closed_at', 'cancelled_at'] %}
            when
                stamps.{{ end }} >= durations.opened_at
                and coalesce(
                    stamps.{{ end }} <= {{ later('clock.data_loaded_at', 1, 'day') }}, true
                )
                then stamps.{{ end }}
            {%- endfor %}
        end as ended_at
    from {{ ref('int_rootly__incident_durations') }} as durations
    inner join {{ ref('stg_rootly__incidents') }} as stamps
        on durations.incident_id = stamps.incident_id
    cross join clock
    where
        (durations.is_parity_kind or durations.is_response_incident)
        and durations.opened_at is not null
        and (clock.data_loaded_at is null or durations.opened_at <= clock.data_loaded_at)
        and not stamps.is_deleted

),

final as (

    select
        incident_id,
        is_parity_kind,
        is_response_incident,
        opened_at,
        {{ local_date('opened_at') }} as opened_on,
        {{ local_date('ended_at') }} as ended_on,
        not is_open and ended_at is null as is_end_unknown
    from spans

)

select * from final
