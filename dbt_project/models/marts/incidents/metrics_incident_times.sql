{%- set dimensions = ['severity', 'service', 'team', 'incident_type', 'environment'] -%}

with incidents as (

    select
        populations.*,
        durations.is_mitigated_within_target
    from {{ ref('int_rootly__incident_populations') }} as populations
    inner join {{ ref('int_rootly__incident_durations') }} as durations
        on populations.incident_id = durations.incident_id

),

links as (

    select
        incident_id,
        dimension,
        member_id,
        member_name
    from {{ ref('int_rootly__incident_dimensions') }}
    where
        dimension in (
            {%- for dimension in dimensions %}
            '{{ dimension }}'{{ ',' if not loop.last }}
            {%- endfor %}
        )
    {%- for dimension in dimensions %}

    union all

    select distinct
        incidents.incident_id,
        '{{ dimension }}' as dimension,
        'none' as member_id,
        'No {{ dimension | replace("_", " ") }}' as member_name
    from incidents
    left join {{ ref('int_rootly__incident_dimensions') }} as named
        on incidents.incident_id = named.incident_id and named.dimension = '{{ dimension }}'
    where named.incident_id is null
    {%- endfor %}

    union all

    select distinct
        incident_id,
        'all' as dimension,
        'all' as member_id,
        'All' as member_name
    from incidents

),

-- Names of today, or the last that an incident bore: one name a member, so that it is one row.
members as (

    select
        dimension,
        member_id,
        max(member_name) as member_name
    from links
    group by dimension, member_id

),

times as (
    {% for time in incident_times() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        population,
        incident_id,
        started_on,
        '{{ time }}' as measured_time,
        {% if time in ['detection', 'acknowledge'] -%}
        is_detection_eligible
        {%- else -%}
        true
        {%- endif %} as is_eligible,
        {{ time }}_time_seconds as seconds,
        {{ 'is_mitigated_within_target' if time == 'mitigation' else 'cast(null as boolean)' }}
            as is_within_target
    from incidents
    {%- endfor %}

),

grouped as (
    {% for period in ['week', 'month', 'quarter'] %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        times.population,
        '{{ period }}' as period,
        {{ period_start(period, 'times.started_on') }} as period_start,
        links.dimension,
        links.member_id,
        times.measured_time,
        count(*) as incident_count,
        count(case when times.is_eligible then 1 end) as eligible_count,
        count(times.seconds) as n,
        {{ mean('times.seconds') }} as mean_seconds,
        {{ percentile('times.seconds', 0.5) }} as median_seconds,
        {{ percentile('times.seconds', 0.75) }} as p75_seconds,
        {{ percentile('times.seconds', 0.9) }} as p90_seconds,
        {{ sorted_values('times.seconds') }} as sorted_seconds,
        count(times.is_within_target) as target_n,
        count(case when times.is_within_target then 1 end) as within_target_count
    from times
    inner join links on times.incident_id = links.incident_id
    group by
        times.population,
        {{ period_start(period, 'times.started_on') }},
        links.dimension,
        links.member_id,
        times.measured_time
    {%- endfor %}

),

final as (

    select
        grouped.population,
        grouped.period,
        grouped.period_start,
        grouped.dimension,
        grouped.member_id,
        members.member_name,
        grouped.measured_time,
        grouped.incident_count,
        grouped.eligible_count,
        grouped.n,
        cast(grouped.n as {{ type_double() }}) / nullif(grouped.eligible_count, 0) as coverage,
        grouped.n < 5 as is_small_n,
        grouped.mean_seconds,
        grouped.median_seconds,
        {{ median_interval_bound('grouped.sorted_seconds', 'grouped.n', 'low') }}
            as median_low_seconds,
        {{ median_interval_bound('grouped.sorted_seconds', 'grouped.n', 'high') }}
            as median_high_seconds,
        grouped.p75_seconds,
        grouped.p90_seconds,
        grouped.target_n,
        cast(grouped.within_target_count as {{ type_double() }}) / nullif(grouped.target_n, 0)
            as within_target_rate
    from grouped
    inner join members
        on grouped.dimension = members.dimension and grouped.member_id = members.member_id

)

select * from final
