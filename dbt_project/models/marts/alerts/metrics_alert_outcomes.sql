{%- set counts = {
    'leader_count': 'not is_group_member',
    'response_known_count': 'is_acknowledged is not null',
    'paged_count': 'was_paged',
    'acknowledged_count': 'is_acknowledged',
    'paged_acknowledged_count': 'was_paged and is_acknowledged',
    'unacknowledged_resolved_count': 'not is_acknowledged and resolution_time_seconds is not null',
    'quickly_resolved_count': 'not is_acknowledged and resolution_time_seconds < '
        ~ variable('rootly_quick_resolution_seconds'),
    'retriggered_count': 'retrigger_count > 0',
    'noise_count': "noise = 'noise'",
    'signal_count': "noise = 'not_noise'",
    'unmarked_count': 'not is_noise_known',
    'conversion_known_count': 'is_converted is not null',
    'converted_count': 'is_converted',
    'escalated_count': 'escalation_count > 0',
    'level_known_count': 'stayed_at_first_level is not null',
    'first_level_count': 'stayed_at_first_level',
} -%}
{#- Where a list was not read nobody knows these of any alert: null, and no zero. -#}
{%- set known_where = {
    'paged_count': 'grouped.response_known_count > 0',
    'acknowledged_count': 'grouped.response_known_count > 0',
    'paged_acknowledged_count': 'grouped.response_known_count > 0',
    'unacknowledged_resolved_count': 'grouped.response_known_count > 0',
    'quickly_resolved_count': 'grouped.response_known_count > 0',
    'retriggered_count': 'grouped.response_known_count > 0',
    'escalated_count': 'grouped.response_known_count > 0',
    'level_known_count': 'grouped.response_known_count > 0',
    'first_level_count': 'grouped.response_known_count > 0',
    'converted_count': 'grouped.leader_count = 0 or grouped.conversion_known_count > 0',
} -%}

with alerts as (

    select
        alert_id,
        started_on,
        first_acknowledged_by_user_id,
        {%- for name in counts %}
        case when {{ counts[name] }} then 1 end as {{ name }},
        {%- endfor %}
        case when is_acknowledged then escalation_level_reached end as acknowledged_level
    from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

members as (

    select * from {{ ref('int_rootly__alert_members') }}

),

names as (

    select
        dimension,
        member_id,
        max(member_name) as member_name
    from members
    group by dimension, member_id

),

-- Counts of days add up to those of periods: an alert is joined to its members once.
by_day as (

    select
        alerts.started_on,
        members.dimension,
        members.member_id,
        count(*) as alert_count,
        {%- for name in counts %}
        count(alerts.{{ name }}) as {{ name }},
        {%- endfor %}
        count(
            case
                when
                    members.dimension = 'paged_person'
                    and alerts.first_acknowledged_by_user_id = members.member_id
                    then 1
            end
        ) as own_acknowledged_count,
        count(alerts.acknowledged_level) as acknowledged_level_count,
        sum(alerts.acknowledged_level) as acknowledged_level_total
    from alerts
    inner join members on alerts.alert_id = members.alert_id
    group by alerts.started_on, members.dimension, members.member_id

),

grouped as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        {{ period_start(period, 'started_on') }} as period_start,
        dimension,
        member_id,
        cast(sum(alert_count) as bigint) as alert_count,
        {%- for name in counts %}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {%- endfor %}
        cast(sum(own_acknowledged_count) as bigint) as own_acknowledged_count,
        cast(sum(acknowledged_level_total) as {{ type_double() }})
        / nullif(sum(acknowledged_level_count), 0) as mean_acknowledged_level
    from by_day
    group by {{ period_start(period, 'started_on') }}, dimension, member_id
    {%- endfor %}

),

final as (

    select
        grouped.period,
        grouped.period_start,
        whole_periods.period_start is not null as is_whole_period,
        grouped.dimension,
        grouped.member_id,
        names.member_name,
        grouped.alert_count,
        {%- for name in counts %}
        {%- if name in known_where %}
        case when {{ known_where[name] }} then grouped.{{ name }} end as {{ name }},
        {%- else %}
        grouped.{{ name }},
        {%- endif %}
        {%- endfor %}
        cast(grouped.alert_count as {{ type_double() }}) / nullif(grouped.leader_count, 0)
            as alerts_per_leader,
        case
            when grouped.dimension = 'paged_person' and grouped.response_known_count > 0
                then grouped.own_acknowledged_count
        end as own_acknowledged_count,
        coalesce(grouped.paged_count < 5, true) as is_small_n,
        -- All that somebody answered have been answered.
        case
            when grouped.dimension not in ('responder', 'acknowledger')
                then
                    cast(grouped.paged_acknowledged_count as {{ type_double() }})
                    / nullif(grouped.paged_count, 0)
        end as acknowledge_rate,
        case
            when grouped.dimension = 'paged_person'
                then
                    cast(grouped.own_acknowledged_count as {{ type_double() }})
                    / nullif(grouped.paged_count, 0)
        end as own_acknowledge_rate,
        cast(grouped.noise_count as {{ type_double() }})
        / nullif(grouped.noise_count + grouped.signal_count, 0) as noise_ratio,
        cast(grouped.quickly_resolved_count as {{ type_double() }})
        / nullif(grouped.response_known_count, 0) as quickly_resolved_share,
        cast(grouped.converted_count as {{ type_double() }})
        / nullif(grouped.conversion_known_count, 0) as conversion_rate,
        cast(grouped.first_level_count as {{ type_double() }})
        / nullif(grouped.level_known_count, 0)
            as first_level_share,
        grouped.mean_acknowledged_level
    from grouped
    inner join names
        on grouped.dimension = names.dimension and grouped.member_id = names.member_id
    left join {{ ref('int_rootly__whole_alert_periods') }} as whole_periods
        on
            grouped.period = whole_periods.period
            and grouped.period_start = whole_periods.period_start

)

select * from final
