{%- set dimensions = ['severity', 'service', 'team', 'incident_type', 'environment'] -%}
{%- set keys = ['population', 'period', 'period_start', 'member_number', 'measured_time'] -%}

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

-- Names of today, or the last that an incident bore: one name a member, so that it is one row. Its
-- number stands for it where all incidents are counted.
members as (

    select
        dimension,
        member_id,
        max(member_name) as member_name,
        row_number() over (order by dimension, member_id) as member_number
    from links
    group by dimension, member_id

),

numbered as (

    select
        links.incident_id,
        members.member_number
    from links
    inner join members
        on links.dimension = members.dimension and links.member_id = members.member_id

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

counted as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        times.population,
        '{{ period }}' as period,
        {{ period_start(period, 'times.started_on') }} as period_start,
        numbered.member_number,
        times.measured_time,
        times.seconds,
        count(times.seconds) as value_count,
        count(*) as incident_count,
        count(case when times.is_eligible then 1 end) as eligible_count,
        count(times.is_within_target) as target_n,
        count(case when times.is_within_target then 1 end) as within_target_count
    from times
    inner join numbered on times.incident_id = numbered.incident_id
    group by
        times.population,
        {{ period_start(period, 'times.started_on') }},
        numbered.member_number,
        times.measured_time,
        times.seconds
    {%- endfor %}

),

ranked_times as (

    {{ ranked('counted', keys, 'seconds') }}

),

grouped as (

    select
        population,
        period,
        period_start,
        member_number,
        measured_time,
        max(n) as n,
        cast(sum(incident_count) as bigint) as incident_count,
        cast(sum(eligible_count) as bigint) as eligible_count,
        cast(sum(target_n) as bigint) as target_n,
        sum(within_target_count) as within_target_count,
        {{ ranked_mean('seconds') }} as mean_seconds,
        {{ ranked_percentile('seconds', 0.5) }} as median_seconds,
        {{ ranked_median_bound('seconds', 'low') }} as median_low_seconds,
        {{ ranked_median_bound('seconds', 'high') }} as median_high_seconds,
        {{ ranked_percentile('seconds', 0.75) }} as p75_seconds,
        {{ ranked_percentile('seconds', 0.9) }} as p90_seconds
    from ranked_times
    group by population, period, period_start, member_number, measured_time

),

final as (

    select
        grouped.population,
        grouped.period,
        grouped.period_start,
        members.dimension,
        members.member_id,
        members.member_name,
        grouped.measured_time,
        grouped.incident_count,
        grouped.eligible_count,
        grouped.n,
        cast(grouped.n as {{ type_double() }}) / nullif(grouped.eligible_count, 0) as coverage,
        grouped.n < 5 as is_small_n,
        grouped.mean_seconds,
        grouped.median_seconds,
        grouped.median_low_seconds,
        grouped.median_high_seconds,
        grouped.p75_seconds,
        grouped.p90_seconds,
        grouped.target_n,
        cast(grouped.within_target_count as {{ type_double() }}) / nullif(grouped.target_n, 0)
            as within_target_rate
    from grouped
    inner join members on grouped.member_number = members.member_number

)

select * from final
