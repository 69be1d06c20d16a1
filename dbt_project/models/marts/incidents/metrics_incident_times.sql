{%- set dimensions = ['severity', 'service', 'team', 'incident_type', 'environment'] -%}
{%- set keys = ['population', 'period_start', 'member_number'] -%}

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
            as is_within_target,
        {{ 'mitigation_is_inferred' if time == 'mitigation' else 'false' }} as is_inferred
    from incidents
    {%- endfor %}

),

linked as (

    select
        times.*,
        numbered.member_number
    from times
    inner join numbered on times.incident_id = numbered.incident_id

),

eligible as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        population,
        '{{ period }}' as period,
        {{ period_start(period, 'started_on') }} as period_start,
        member_number,
        measured_time,
        count(*) as incident_count,
        count(case when is_eligible then 1 end) as eligible_count,
        count(is_within_target) as target_n,
        count(case when is_within_target then 1 end) as within_target_count,
        count(case when is_inferred then seconds end) as inferred_n,
        count(case when is_inferred then is_within_target end) as target_inferred_n
    from linked
    group by population, {{ period_start(period, 'started_on') }}, member_number, measured_time
    {%- endfor %}

),

counted as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        population,
        '{{ period }}' as period,
        {{ period_start(period, 'started_on') }} as period_start,
        member_number,
        measured_time,
        seconds,
        count(*) as value_count
    from linked
    where seconds is not null
    group by
        population,
        {{ period_start(period, 'started_on') }},
        member_number,
        measured_time,
        seconds
    {%- endfor %}

),

-- By each period and time alone: what is sorted at once is smaller, and so are its keys.
statistics as (
    {% for period in longer_periods() %}
    {%- set outer_loop = loop %}
    {%- for time in incident_times() %}
    {%- if not (outer_loop.first and loop.first) %}

    union all
    {% endif %}
    select
        population,
        '{{ period }}' as period,
        period_start,
        member_number,
        '{{ time }}' as measured_time,
        {{ ranked_statistics('seconds') }}
    from (
        {%- set alone = "period = '" ~ period ~ "' and measured_time = '" ~ time ~ "'" %}
        {{ ranked('counted', alone, keys, 'seconds') }}
    ) as ranked_times
    group by population, period_start, member_number
    {%- endfor %}
    {%- endfor %}

),

final as (

    select
        eligible.population,
        eligible.period,
        eligible.period_start,
        whole_periods.period_start is not null as is_whole_period,
        members.dimension,
        members.member_id,
        members.member_name,
        eligible.measured_time,
        eligible.incident_count,
        eligible.eligible_count,
        coalesce(statistics.n, 0) as n,
        cast(coalesce(statistics.n, 0) as {{ type_double() }}) / nullif(eligible.eligible_count, 0)
            as coverage,
        coalesce(statistics.n, 0) < 5 as is_small_n,
        eligible.inferred_n,
        statistics.mean_seconds,
        statistics.median_seconds,
        statistics.median_low_seconds,
        statistics.median_high_seconds,
        statistics.p75_seconds,
        statistics.p90_seconds,
        eligible.target_n,
        eligible.target_inferred_n,
        cast(eligible.within_target_count as {{ type_double() }}) / nullif(eligible.target_n, 0)
            as within_target_rate
    from eligible
    inner join members on eligible.member_number = members.member_number
    left join statistics
        on
            eligible.population = statistics.population
            and eligible.period = statistics.period
            and eligible.period_start = statistics.period_start
            and eligible.member_number = statistics.member_number
            and eligible.measured_time = statistics.measured_time
    left join {{ ref('int_rootly__whole_periods') }} as whole_periods
        on
            eligible.period = whole_periods.period
            and eligible.period_start = whole_periods.period_start

)

select * from final
