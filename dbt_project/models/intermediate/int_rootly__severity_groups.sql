with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

severities as (

    select * from {{ ref('stg_rootly__severities') }}

),

-- The catalogue's name goes first; one that vanished before the first sync has its incidents'.
names as (

    select
        incidents.severity_id,
        coalesce(max(severities.severity_name), max(incidents.severity_name)) as severity_name
    from incidents
    left join severities on incidents.severity_id = severities.severity_id
    where incidents.severity_id is not null
    group by incidents.severity_id

),

final as (

    select
        incidents.incident_id,
        coalesce(incidents.severity_id, 'none') as severity_id,
        case
            when incidents.severity_id is null then 'No severity'
            else names.severity_name
        end as severity_name
    from incidents
    left join names on incidents.severity_id = names.severity_id

    union all

    select
        incident_id,
        'all' as severity_id,
        'All' as severity_name
    from incidents

)

select * from final
