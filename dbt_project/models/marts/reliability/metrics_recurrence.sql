with incidents as (

    select
        stamps.incident_id,
        durations.started_on
    from {{ ref('stg_rootly__incidents') }} as stamps
    inner join {{ ref('int_rootly__incident_durations') }} as durations
        on stamps.incident_id = durations.incident_id
    where
        durations.is_response_incident
        and durations.is_top_level
        and durations.has_plausible_start
        and not stamps.is_deleted

),

recurrences as (

    select * from {{ ref('int_rootly__service_recurrences') }}

),

service_names as (

    select
        links.member_id as service_id,
        coalesce(max(services.service_name), max(links.member_name)) as service_name
    from {{ ref('int_rootly__incident_dimensions') }} as links
    left join {{ ref('stg_rootly__services') }} as services
        on links.member_id = services.service_id
    where links.dimension = 'service'
    group by links.member_id

),

-- For the total, an incident recurs when it does so on any of its services, and counts once.
-- Those of the first days are in no share: of them only those that recur would be known.
of_all as (

    select
        incident_id,
        max(case when has_whole_history then 1 else 0 end) as is_known,
        max(case when has_whole_history then case when is_recurring then 1 else 0 end end)
            as is_recurring,
        sum(expected_resolutions) as expected_resolutions,
        max(case when has_whole_history then case when has_cause then 1 else 0 end end)
            as has_cause,
        max(
            case when has_whole_history then case when is_recurring_with_cause then 1 else 0 end end
        ) as is_recurring_with_cause,
        min(seconds_since_previous) as seconds_since_previous
    from recurrences
    group by incident_id

),

members as (

    select
        incidents.started_on,
        recurrences.service_id,
        service_names.service_name,
        1 as has_service,
        case when recurrences.has_whole_history then 1 else 0 end as is_known,
        case
            when recurrences.has_whole_history
                then case when recurrences.is_recurring then 1 else 0 end
        end as is_recurring,
        recurrences.expected_resolutions,
        case
            when recurrences.has_whole_history
                then case when recurrences.has_cause then 1 else 0 end
        end as has_cause,
        case
            when recurrences.has_whole_history
                then case when recurrences.is_recurring_with_cause then 1 else 0 end
        end as is_recurring_with_cause,
        recurrences.seconds_since_previous
    from incidents
    inner join recurrences on incidents.incident_id = recurrences.incident_id
    left join service_names on recurrences.service_id = service_names.service_id

    union all

    select
        incidents.started_on,
        'all' as service_id,
        'All' as service_name,
        case when of_all.incident_id is null then 0 else 1 end as has_service,
        coalesce(of_all.is_known, 0) as is_known,
        of_all.is_recurring,
        of_all.expected_resolutions,
        of_all.has_cause,
        of_all.is_recurring_with_cause,
        of_all.seconds_since_previous
    from incidents
    left join of_all on incidents.incident_id = of_all.incident_id

    union all

    select
        incidents.started_on,
        'none' as service_id,
        'No service' as service_name,
        0 as has_service,
        0 as is_known,
        null as is_recurring,
        null as expected_resolutions,
        null as has_cause,
        null as is_recurring_with_cause,
        null as seconds_since_previous
    from incidents
    left join of_all on incidents.incident_id = of_all.incident_id
    where of_all.incident_id is null

),

grouped as (

    select
        {{ period_start('quarter', 'started_on') }} as period_start,
        service_id,
        service_name,
        count(*) as incident_count,
        cast(sum(has_service - is_known) as bigint) as unknown_count,
        cast(sum(is_known) as bigint) as n,
        cast(sum(is_recurring) as bigint) as recurring_count,
        -- The bound changes nothing: some warehouses fail at the exponential of much less.
        {{ mean(
            '1 - exp(-case when expected_resolutions > 100 then 100 else expected_resolutions end)'
        ) }} as expected_share,
        cast(sum(has_cause) as bigint) as cause_known_count,
        cast(sum(is_recurring_with_cause) as bigint) as recurring_with_cause_count,
        {{ percentile('seconds_since_previous', 0.5) }} as median_seconds_since_previous
    from members
    group by {{ period_start('quarter', 'started_on') }}, service_id, service_name

),

final as (

    select
        grouped.period_start,
        whole_periods.period_start is not null as is_whole_period,
        grouped.service_id,
        grouped.service_name,
        grouped.incident_count,
        grouped.unknown_count,
        grouped.n,
        grouped.n < 5 as is_small_n,
        grouped.recurring_count,
        cast(grouped.recurring_count as {{ type_double() }}) / nullif(grouped.n, 0)
            as recurring_share,
        grouped.expected_share,
        grouped.cause_known_count,
        grouped.recurring_with_cause_count,
        cast(grouped.recurring_with_cause_count as {{ type_double() }})
        / nullif(grouped.cause_known_count, 0)
            as recurring_with_cause_share,
        grouped.median_seconds_since_previous
    from grouped
    left join {{ ref('int_rootly__whole_periods') }} as whole_periods
        on
            whole_periods.period = 'quarter'
            and grouped.period_start = whole_periods.period_start

)

select * from final
