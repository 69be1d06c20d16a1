with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

links as (

    select * from {{ ref('int_rootly__incident_dimensions') }}
    where dimension = 'severity'

),

severities as (

    select * from {{ ref('dim_severities') }}

),

reading as (

    {{ was_read('incidents', 'incidents', 'incident_id') }}

),

-- One row once incidents have been read, none before: no zeros of what nobody may read.
period as (

    select
        clock.data_loaded_at as window_ends_at,
        {{ later('clock.data_loaded_at', -90, 'day') }} as window_starts_at
    from (select {{ data_loaded_at('incidents') }} as data_loaded_at) as clock
    cross join reading
    where clock.data_loaded_at is not null and reading.was_read

),

recent as (

    select
        incidents.*,
        links.member_id as severity_id,
        links.member_name as severity_name
    from incidents
    cross join period
    left join links on incidents.incident_id = links.incident_id
    where incidents.started_at >= period.window_starts_at

),

-- Severities in use now are listed even if nothing happened; others only if something did.
members as (

    select
        true as is_total,
        null as severity_id,
        'All' as severity_name,
        null as severity_level,
        null as severity_position

    union all

    select
        false as is_total,
        severity_id,
        severity_name,
        severity_level,
        severity_position
    from severities
    where not is_deleted or severity_id in (select recent.severity_id from recent)

    union all

    select
        false as is_total,
        recent.severity_id,
        coalesce(max(recent.severity_name), recent.severity_id, 'No severity') as severity_name,
        null as severity_level,
        null as severity_position
    from recent
    left join severities on recent.severity_id = severities.severity_id
    where severities.severity_id is null
    group by recent.severity_id

),

-- Each incident for its severity, and once more for all of them.
counted as (

    select
        recent.*,
        false as is_total
    from recent

    union all

    select
        incidents.*,
        null as severity_id,
        null as severity_name,
        true as is_total
    from incidents
    cross join period
    where incidents.started_at >= period.window_starts_at

),

metrics as (

    {{ grouped_incident_metrics('counted', ['is_total', 'population', 'severity_id']) }}

),

final as (

    select
        populations.population,
        members.is_total,
        members.severity_id,
        members.severity_name,
        members.severity_level,
        members.severity_position,
        period.window_starts_at,
        period.window_ends_at,
        {{ incident_metric_columns('metrics') }}
    from period
    cross join ({{ population_names() }}) as populations
    cross join members
    left join metrics
        on
            populations.population = metrics.population
            and members.is_total = metrics.is_total
            and {{ is_same('members.severity_id', 'metrics.severity_id') }}

)

select * from final
