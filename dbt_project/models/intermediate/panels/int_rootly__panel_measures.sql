{%- set incident_times = {
    'triage_time': 'in_triage_at',
    'detection_time': 'detected_at',
    'acknowledge_time': 'acknowledged_at',
    'mitigation_time': 'mitigated_at',
    'resolution_time': 'resolved_at',
    'closed_time': 'closed_at',
    'cancellation_time': 'cancelled_at',
} -%}
{%- set worked_until = {
    'triaged': 'in_triage_at',
    'mitigated': 'mitigated_at',
    'resolved': 'resolved_at',
} -%}

with incidents as (

    select
        *,
        '#' || sequential_id || ' ' || coalesce(title, '') as incident_name
    from {{ ref('stg_rootly__incidents') }}
    where not is_deleted and started_at is not null

),

workers as (

    select * from {{ ref('int_rootly__incident_workers') }}

),

worker_counts as (

    select
        incident_id,
        count(*) as worker_count
    from workers
    group by incident_id

),

alerts as (

    select
        *,
        lag(started_at) over (order by started_at, alert_id) as started_before
    from {{ ref('fct_alerts') }}
    where not is_deleted and started_at is not null

),

retrospectives as (

    select post_mortems.*
    from {{ ref('stg_rootly__post_mortems') }} as post_mortems
    where not post_mortems.is_deleted and post_mortems.started_at is not null

),

action_items as (

    select * from {{ ref('stg_rootly__action_items') }}
    where not is_deleted

),

fields as (

    select
        'incidents' as collection,
        incident_id as record_id,
        incident_name as record_name,
        started_at as measured_at,
        created_at as recorded_at,
        updated_at as changed_at,
        created_at as known_at,
        'results' as key,
        1.0 as value
    from incidents
    {%- for key, milestone in incident_times.items() %}

    union all

    select
        'incidents' as collection,
        incident_id as record_id,
        incident_name as record_name,
        started_at as measured_at,
        created_at as recorded_at,
        updated_at as changed_at,
        {{ milestone }} as known_at,
        '{{ key }}' as key,
        {{ exact_seconds_between('started_at', milestone) }} as value
    from incidents
    {%- endfor %}
    {%- for until, milestone in worked_until.items() %}

    union all

    select
        'incidents' as collection,
        incidents.incident_id as record_id,
        incidents.incident_name as record_name,
        incidents.started_at as measured_at,
        incidents.created_at as recorded_at,
        incidents.updated_at as changed_at,
        incidents.{{ milestone }} as known_at,
        'hours_worked_until_{{ until }}' as key,
        {{ exact_seconds_between('incidents.started_at', 'incidents.' ~ milestone) }} / 3600.0
        * coalesce(worker_counts.worker_count, 0) as value
    from incidents
    left join worker_counts on incidents.incident_id = worker_counts.incident_id

    union all

    select
        'users' as collection,
        incidents.incident_id || '/' || workers.user_id as record_id,
        coalesce(people.full_name, workers.user_id) as record_name,
        incidents.started_at as measured_at,
        incidents.created_at as recorded_at,
        incidents.updated_at as changed_at,
        incidents.{{ milestone }} as known_at,
        'hours_worked_until_{{ until }}' as key,
        {{ exact_seconds_between('incidents.started_at', 'incidents.' ~ milestone) }} / 3600.0
            as value
    from incidents
    inner join workers on incidents.incident_id = workers.incident_id
    left join {{ ref('stg_rootly__users') }} as people on workers.user_id = people.user_id
    {%- endfor %}

    union all

    select
        'users' as collection,
        user_id as record_id,
        full_name as record_name,
        created_at as measured_at,
        created_at as recorded_at,
        updated_at as changed_at,
        created_at as known_at,
        'results' as key,
        1.0 as value
    from {{ ref('stg_rootly__users') }}
    where not is_deleted
    {%- for key, (value, known_at) in {
        'results': ('1.0', 'created_at'),
        'acknowledge_rate': (
            'case when is_acknowledged then 100.0 when not is_acknowledged then 0.0 end',
            'first_acknowledged_at'
        ),
        'acknowledge_time': (
            exact_seconds_between('started_at', 'first_acknowledged_at'), 'first_acknowledged_at'
        ),
        'resolution_time': (exact_seconds_between('started_at', 'ended_at'), 'ended_at'),
        'resolve_time': (exact_seconds_between('first_acknowledged_at', 'ended_at'), 'ended_at'),
        'time_between_failure': (
            exact_seconds_between('started_before', 'started_at'), 'created_at'
        ),
    }.items() %}

    union all

    select
        'alerts' as collection,
        alert_id as record_id,
        summary as record_name,
        started_at as measured_at,
        created_at as recorded_at,
        updated_at as changed_at,
        {{ known_at }} as known_at,
        '{{ key }}' as key,
        {{ value }} as value
    from alerts
    {%- endfor %}

    union all

    select
        'incident_post_mortems' as collection,
        post_mortem_id as record_id,
        title as record_name,
        started_at as measured_at,
        created_at as recorded_at,
        updated_at as changed_at,
        created_at as known_at,
        'results' as key,
        1.0 as value
    from retrospectives

    union all

    select
        'incident_action_items' as collection,
        action_item_id as record_id,
        summary as record_name,
        created_at as measured_at,
        created_at as recorded_at,
        updated_at as changed_at,
        created_at as known_at,
        'results' as key,
        1.0 as value
    from action_items

),

final as (

    select
        collection,
        record_id,
        record_name,
        measured_at,
        recorded_at,
        changed_at,
        known_at,
        key,
        cast(value as {{ type_double() }}) as value
    from fields
    where value is not null

)

select * from final
