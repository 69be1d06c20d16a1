{%- set times = ['acknowledge', 'resolution'] -%}
{%- set keys = ['period_start', 'member_number'] -%}

with alerts as (

    select * from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

links as (

    select
        'parity' as population,
        alert_id,
        dimension,
        member_id,
        member_name
    from {{ ref('int_rootly__alert_members') }}

    union all

    -- What follows its leader is no second alert to answer.
    select
        'strict' as population,
        members.alert_id,
        members.dimension,
        members.member_id,
        members.member_name
    from {{ ref('int_rootly__alert_members') }} as members
    inner join alerts on members.alert_id = alerts.alert_id
    where not alerts.is_group_member

),

-- One name a member of each population; its number stands for it where all alerts are counted.
members as (

    select
        population,
        dimension,
        member_id,
        max(member_name) as member_name,
        row_number() over (order by population, dimension, member_id) as member_number
    from links
    group by population, dimension, member_id

),

-- Both times side by side: an alert is joined to its members once, and not once a time.
linked as (

    select
        alerts.started_on,
        members.member_number,
        {%- for time in times %}
        alerts.{{ time }}_time_seconds,
        {%- endfor %}
        -- Nobody could acknowledge what paged nobody. Null where their events were not read.
        case
            when alerts.was_paged or alerts.is_acknowledged then 1
            when not alerts.was_paged then 0
        end as is_acknowledge_eligible,
        1 as is_resolution_eligible
    from alerts
    inner join links on alerts.alert_id = links.alert_id
    inner join members
        on
            links.population = members.population
            and links.dimension = members.dimension
            and links.member_id = members.member_id

),

eligible_by_day as (

    select
        started_on,
        member_number,
        {%- for time in times %}
        sum(is_{{ time }}_eligible) as {{ time }}_eligible_count,
        {%- endfor %}
        count(*) as alert_count
    from linked
    group by started_on, member_number

),

-- Alerts of a day that took the same time are one row from here on.
counted_by_day as (
    {% for time in times %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        started_on,
        member_number,
        '{{ time }}' as measured_time,
        {{ time }}_time_seconds as seconds,
        count(*) as value_count
    from linked
    where {{ time }}_time_seconds is not null
    group by started_on, member_number, {{ time }}_time_seconds
    {%- endfor %}

),

eligible as (
    {% for period in longer_periods() %}
    {%- set outer_loop = loop %}
    {%- for time in times %}
    {%- if not (outer_loop.first and loop.first) %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        {{ period_start(period, 'started_on') }} as period_start,
        member_number,
        '{{ time }}' as measured_time,
        cast(sum(alert_count) as bigint) as alert_count,
        cast(sum({{ time }}_eligible_count) as bigint) as eligible_count
    from eligible_by_day
    group by {{ period_start(period, 'started_on') }}, member_number
    {%- endfor %}
    {%- endfor %}

),

counted as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        {{ period_start(period, 'started_on') }} as period_start,
        member_number,
        measured_time,
        seconds,
        cast(sum(value_count) as bigint) as value_count
    from counted_by_day
    group by {{ period_start(period, 'started_on') }}, member_number, measured_time, seconds
    {%- endfor %}

),

-- By each period and time alone: what is sorted at once is smaller, and so are its keys.
statistics as (
    {% for period in longer_periods() %}
    {%- set outer_loop = loop %}
    {%- for time in times %}
    {%- if not (outer_loop.first and loop.first) %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        period_start,
        member_number,
        '{{ time }}' as measured_time,
        max(n) as n,
        {{ ranked_mean('seconds') }} as mean_seconds,
        {{ ranked_percentile('seconds', 0.5) }} as median_seconds,
        {{ ranked_percentile('seconds', 0.75) }} as p75_seconds,
        {{ ranked_percentile('seconds', 0.9) }} as p90_seconds
    from (
        {%- set alone = "period = '" ~ period ~ "' and measured_time = '" ~ time ~ "'" %}
        {{ ranked('counted', alone, keys, 'seconds') }}
    ) as ranked_times
    group by period_start, member_number
    {%- endfor %}
    {%- endfor %}

),

final as (

    select
        members.population,
        eligible.period,
        eligible.period_start,
        whole_periods.period_start is not null as is_whole_period,
        members.dimension,
        members.member_id,
        members.member_name,
        eligible.measured_time,
        eligible.alert_count,
        eligible.eligible_count,
        coalesce(statistics.n, 0) as n,
        cast(coalesce(statistics.n, 0) as {{ type_double() }}) / nullif(eligible.eligible_count, 0)
            as coverage,
        coalesce(statistics.n, 0) < 5 as is_small_n,
        statistics.mean_seconds,
        statistics.median_seconds,
        statistics.p75_seconds,
        statistics.p90_seconds
    from eligible
    inner join members on eligible.member_number = members.member_number
    left join statistics
        on
            eligible.period = statistics.period
            and eligible.period_start = statistics.period_start
            and eligible.member_number = statistics.member_number
            and eligible.measured_time = statistics.measured_time
    left join {{ ref('int_rootly__whole_alert_periods') }} as whole_periods
        on
            eligible.period = whole_periods.period
            and eligible.period_start = whole_periods.period_start

)

select * from final
