with alert_failures as (

    -- Members of a group follow their leader: they are the same failure.
    select
        facts.alert_id as failure_id,
        facts.started_at,
        members.member_id as service_id,
        members.member_name as service_name
    from {{ ref('fct_alerts') }} as facts
    inner join {{ ref('int_rootly__alert_members') }} as members
        on facts.alert_id = members.alert_id
    where not facts.is_group_member and members.dimension in ('service', 'all')

),

incidents as (

    select
        incident_id,
        started_at
    from {{ ref('fct_incidents') }}
    where is_response_incident and is_top_level and has_plausible_start and not is_deleted

),

incident_failures as (

    select
        incidents.incident_id as failure_id,
        incidents.started_at,
        links.member_id as service_id,
        links.member_name as service_name
    from incidents
    inner join {{ ref('int_rootly__incident_dimensions') }} as links
        on incidents.incident_id = links.incident_id
    where links.dimension = 'service'

    union all

    select
        incident_id as failure_id,
        started_at,
        'all' as service_id,
        'All' as service_name
    from incidents

),

failures as (

    select
        'alerts' as failure_type,
        *
    from alert_failures
    where service_id <> 'none'

    union all

    select
        'incidents' as failure_type,
        *
    from incident_failures

),

gaps as (

    select
        failure_type,
        service_id,
        service_name,
        {{ local_date('started_at') }} as started_on,
        {{ exact_seconds_between(
            'lag(started_at) over (partition by failure_type, service_id order by started_at, failure_id)',
            'started_at'
        ) }} as seconds_since_previous
    from failures

),

-- The name that a service bears now, or bore last: one name, so that it is one row.
names as (

    select
        failure_type,
        service_id,
        max(service_name) as service_name
    from gaps
    group by failure_type, service_id

),

grouped as (

    select
        {{ period_start('quarter', 'started_on') }} as period_start,
        failure_type,
        service_id,
        count(*) as failure_count,
        count(seconds_since_previous) as n,
        {{ mean('seconds_since_previous') }} as mean_seconds,
        {{ percentile('seconds_since_previous', 0.5) }} as median_seconds
    from gaps
    group by {{ period_start('quarter', 'started_on') }}, failure_type, service_id

),

whole_quarters as (

    select
        'alerts' as failure_type,
        period_start
    from {{ ref('int_rootly__whole_alert_periods') }}
    where period = 'quarter'

    union all

    select
        'incidents' as failure_type,
        period_start
    from {{ ref('int_rootly__whole_periods') }}
    where period = 'quarter'

),

final as (

    select
        grouped.period_start,
        whole_quarters.period_start is not null as is_whole_period,
        grouped.failure_type,
        grouped.service_id,
        names.service_name,
        grouped.failure_count,
        grouped.n,
        grouped.n < 3 as is_small_n,
        -- Two gaps make no mean.
        case when grouped.n >= 3 then grouped.mean_seconds end as mean_seconds,
        case when grouped.n >= 3 then cast(grouped.median_seconds as {{ type_double() }}) end
            as median_seconds
    from grouped
    inner join names
        on
            grouped.failure_type = names.failure_type
            and grouped.service_id = names.service_id
    left join whole_quarters
        on
            grouped.failure_type = whole_quarters.failure_type
            and grouped.period_start = whole_quarters.period_start

)

select * from final
