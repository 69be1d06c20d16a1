{%- set times = ['acknowledge', 'resolution'] -%}
{%- set populations = ['parity', 'strict'] -%}
{%- set keys = ['period_start', 'member_number'] -%}

with alerts as (

    select * from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

links as (

    select * from {{ ref('int_rootly__alert_members') }}

),

-- One name a member; its number stands for it where all alerts are counted.
members as (

    select
        dimension,
        member_id,
        max(member_name) as member_name,
        row_number() over (order by dimension, member_id) as member_number
    from links
    group by dimension, member_id

),

-- Both times and both populations side by side: an alert is joined to its members once.
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
        1 as is_resolution_eligible,
        1 as is_parity,
        -- What follows its leader is no second alert to answer.
        case when not alerts.is_group_member then 1 end as is_strict
    from alerts
    inner join links on alerts.alert_id = links.alert_id
    inner join members
        on links.dimension = members.dimension and links.member_id = members.member_id

),

counts_by_day as (

    select
        started_on,
        member_number,
        {%- for population in populations %}
        {%- for time in times %}
        sum(is_{{ time }}_eligible * is_{{ population }}) as {{ population }}_{{ time }}_eligible,
        {%- endfor %}
        count(is_{{ population }}) as {{ population }}_alert_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from linked
    group by started_on, member_number

),

counts as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        {{ period_start(period, 'started_on') }} as period_start,
        member_number,
        {%- for population in populations %}
        {%- for time in times %}
        sum({{ population }}_{{ time }}_eligible) as {{ population }}_{{ time }}_eligible,
        {%- endfor %}
        sum({{ population }}_alert_count) as {{ population }}_alert_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from counts_by_day
    group by {{ period_start(period, 'started_on') }}, member_number
    {%- endfor %}

),

eligible as (
    {% for population in populations %}
    {%- set outer_loop = loop %}
    {%- for time in times %}
    {%- if not (outer_loop.first and loop.first) %}

    union all
    {% endif %}
    select
        '{{ population }}' as population,
        period,
        period_start,
        member_number,
        '{{ time }}' as measured_time,
        cast({{ population }}_alert_count as bigint) as alert_count,
        cast({{ population }}_{{ time }}_eligible as bigint) as eligible_count
    from counts
    where {{ population }}_alert_count > 0
    {%- endfor %}
    {%- endfor %}

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
        {%- for population in populations %}
        count(is_{{ population }}) as {{ population }}_value_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from linked
    where {{ time }}_time_seconds is not null
    group by started_on, member_number, {{ time }}_time_seconds
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
        {%- for population in populations %}
        cast(sum({{ population }}_value_count) as bigint) as {{ population }}_value_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from counted_by_day
    group by {{ period_start(period, 'started_on') }}, member_number, measured_time, seconds
    {%- endfor %}

),

-- By each period and time alone: what is sorted at once is smaller, and so are its keys.
measured as (
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
        {{ ranked_statistics('seconds', 'parity_') }},
        {{ ranked_statistics('seconds', 'strict_') }}
    from (
        {%- set alone = "period = '" ~ period ~ "' and measured_time = '" ~ time ~ "'" %}
        {{ ranked('counted', alone, keys, 'seconds', ['parity_', 'strict_']) }}
    ) as ranked_times
    group by period_start, member_number
    {%- endfor %}
    {%- endfor %}

),

statistics as (
    {% for population in populations %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ population }}' as population,
        period,
        period_start,
        member_number,
        measured_time,
        {{ population }}_n as n,
        {{ population }}_mean_seconds as mean_seconds,
        {{ population }}_median_seconds as median_seconds,
        {{ population }}_median_low_seconds as median_low_seconds,
        {{ population }}_median_high_seconds as median_high_seconds,
        {{ population }}_p75_seconds as p75_seconds,
        {{ population }}_p90_seconds as p90_seconds
    from measured
    where {{ population }}_n > 0
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
        eligible.alert_count,
        eligible.eligible_count,
        coalesce(statistics.n, 0) as n,
        cast(coalesce(statistics.n, 0) as {{ type_double() }}) / nullif(eligible.eligible_count, 0)
            as coverage,
        coalesce(statistics.n, 0) < 5 as is_small_n,
        statistics.mean_seconds,
        statistics.median_seconds,
        statistics.median_low_seconds,
        statistics.median_high_seconds,
        statistics.p75_seconds,
        statistics.p90_seconds
    from eligible
    inner join members on eligible.member_number = members.member_number
    left join statistics
        on
            eligible.population = statistics.population
            and eligible.period = statistics.period
            and eligible.period_start = statistics.period_start
            and eligible.member_number = statistics.member_number
            and eligible.measured_time = statistics.measured_time
    left join {{ ref('int_rootly__whole_alert_periods') }} as whole_periods
        on
            eligible.period = whole_periods.period
            and eligible.period_start = whole_periods.period_start

)

select * from final
