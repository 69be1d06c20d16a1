with events as (

    select
        incident_id,
        min(published_at) as first_published_at
    from {{ ref('stg_rootly__incident_status_page_events') }}
    group by incident_id

),

final as (

    select
        events.incident_id,
        events.first_published_at,
        {{ seconds_between('incidents.started_at', 'events.first_published_at') }}
            as communication_lag_seconds
    from events
    inner join {{ ref('stg_rootly__incidents') }} as incidents
        on events.incident_id = incidents.incident_id

)

select * from final
