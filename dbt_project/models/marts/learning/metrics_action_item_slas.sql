{%- set counts = {
    'due_count': "sla_result <> 'cancelled'",
    'met_count': "sla_result = 'met'",
    'breached_count': "sla_result = 'breached'",
    'open_count': "sla_result = 'open'",
    'unknown_count': "sla_result = 'unknown'",
    'n': "sla_result in ('met', 'breached')",
    'audited_n': "sla_result in ('met', 'breached') and reached_at_source = 'audit'",
    'ended_count': "sla_result in ('met', 'breached', 'unknown')",
    'breached_or_unknown_count': "sla_result in ('breached', 'unknown')",
} -%}

with deadlines as (

    select * from {{ ref('fct_action_item_slas') }}
    where is_in_population and not is_deleted and deadline_on is not null

),

-- Each deadline by its target and SLA, and in the totals over either.
grouped_deadlines as (
    {% for target in ['sla_target', "'all'"] %}
    {%- set outer_loop = loop %}
    {%- for sla in ['sla_id', "'all'"] %}
    {%- if not (outer_loop.first and loop.first) %}

    union all
    {% endif %}
    select
        action_item_id,
        deadline_on,
        sla_result,
        reached_at_source,
        {{ target }} as target_group,
        {{ sla }} as sla_group
    from deadlines
    {%- endfor %}
    {%- endfor %}

),

-- A follow-up counts once a group, under however many SLAs it is.
counted as (
    {% for period in longer_periods() %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        '{{ period }}' as period,
        {{ period_start(period, 'deadline_on') }} as period_start,
        {%- for name, condition in counts.items() %}
        count(distinct case when {{ condition }} then action_item_id end) as {{ name }},
        {%- endfor %}
        target_group,
        sla_group
    from grouped_deadlines
    group by {{ period_start(period, 'deadline_on') }}, target_group, sla_group
    {%- endfor %}

),

-- While action items are read backwards, an old one may still be due in a week that was read.
reading as (

    {{ was_read('action_items', 'deadlines', 'action_item_id') }}

),

names as (

    select
        sla_id,
        max(sla_name) as sla_name
    from deadlines
    group by sla_id

),

final as (

    select
        counted.period,
        counted.period_start,
        whole_periods.period_start is not null and reading.back_to is null as is_whole_period,
        counted.target_group as sla_target,
        counted.sla_group as sla_id,
        case when counted.sla_group = 'all' then 'All' else names.sla_name end as sla_name,
        counted.due_count,
        counted.met_count,
        counted.breached_count,
        counted.open_count,
        counted.unknown_count,
        counted.ended_count,
        counted.n,
        counted.audited_n,
        cast(counted.n as {{ type_double() }}) / nullif(counted.ended_count, 0) as coverage,
        counted.n < 5 as is_small_n,
        -- Without an audit, what was reached late is unknown and never breached: more unknown ones
        -- than dated ones, and the share is of what was in time.
        case
            when counted.unknown_count <= counted.audited_n
                then cast(counted.breached_count as {{ type_double() }}) / nullif(counted.n, 0)
        end as breached_share,
        cast(counted.breached_count as {{ type_double() }}) / nullif(counted.ended_count, 0)
            as breached_share_low,
        cast(counted.breached_or_unknown_count as {{ type_double() }})
        / nullif(counted.ended_count, 0)
            as breached_share_high
    from counted
    cross join reading
    left join names on counted.sla_group = names.sla_id
    left join {{ ref('int_rootly__whole_action_item_periods') }} as whole_periods
        on
            counted.period = whole_periods.period
            and counted.period_start = whole_periods.period_start

)

select * from final
