{%- set memberships = {'parity': 'is_parity_kind', 'strict': 'is_response_incident'} -%}

with clock as (

    select {{ data_loaded_at('incidents') }} as data_loaded_at

),

incidents as (
    {% for population, membership in memberships.items() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ population }}' as population,
        incident_id,
        opened_at,
        opened_on,
        ended_on,
        is_end_unknown
    from {{ ref('int_rootly__incident_spans') }}
    where {{ membership }}
    {%- endfor %}

),

openings as (

    select opened_on as started_on
    from incidents

),

spine as (

    {{ days_until_sync('openings', 'incidents') }}

),

severities as (

    select * from {{ ref('int_rootly__severity_groups') }}

),

-- A day ends at the next local midnight, the day of the last sync with it; none comes after.
days as (

    select
        spine.metric_date,
        populations.population,
        coalesce(
            case
                when clock.data_loaded_at < {{ end_of_day('spine.metric_date') }}
                    then clock.data_loaded_at
            end,
            {{ end_of_day('spine.metric_date') }}
        ) as measured_at
    from spine
    cross join ({{ population_names() }}) as populations
    cross join clock
    where
        clock.data_loaded_at is null
        or spine.metric_date <= {{ local_date('clock.data_loaded_at') }}

),

known as (

    select
        incidents.population,
        incidents.opened_at,
        incidents.opened_on,
        incidents.ended_on,
        incidents.is_end_unknown,
        severities.severity_id,
        severities.severity_name
    from incidents
    inner join severities on incidents.incident_id = severities.incident_id

),

members as (

    select distinct
        severity_id,
        severity_name
    from known

),

opened as (

    select
        population,
        severity_id,
        opened_on,
        count(*) as opened_count,
        count(case when is_end_unknown then 1 end) as end_unknown_count
    from known
    group by population, severity_id, opened_on

),

ended as (

    select
        population,
        severity_id,
        ended_on,
        count(*) as ended_count
    from known
    where ended_on is not null
    group by population, severity_id, ended_on

),

ages as (

    select
        days.metric_date,
        days.population,
        known.severity_id,
        {{ seconds_between('known.opened_at', 'days.measured_at') }} as age_seconds
    from days
    inner join known
        on
            days.population = known.population
            and days.metric_date >= known.opened_on
            and (known.ended_on is null or days.metric_date < known.ended_on)
    where not known.is_end_unknown

),

still_open as (

    select
        metric_date,
        population,
        severity_id,
        count(*) as open_count,
        {{ percentile('age_seconds', 0.5) }} as median_age_seconds,
        max(age_seconds) as oldest_age_seconds
    from ages
    group by metric_date, population, severity_id

),

final as (

    select
        days.metric_date,
        days.population,
        members.severity_id,
        members.severity_name,
        days.measured_at,
        coalesce(opened.opened_count, 0) as opened_count,
        coalesce(ended.ended_count, 0) as ended_count,
        coalesce(opened.end_unknown_count, 0) as end_unknown_count,
        coalesce(still_open.open_count, 0) as open_count,
        coalesce(still_open.open_count, 0) < 5 as is_small_n,
        still_open.median_age_seconds,
        still_open.oldest_age_seconds
    from days
    cross join members
    left join opened
        on
            days.metric_date = opened.opened_on
            and days.population = opened.population
            and members.severity_id = opened.severity_id
    left join ended
        on
            days.metric_date = ended.ended_on
            and days.population = ended.population
            and members.severity_id = ended.severity_id
    left join still_open
        on
            days.metric_date = still_open.metric_date
            and days.population = still_open.population
            and members.severity_id = still_open.severity_id

)

select * from final
