with loads as (

    select * from {{ ref('metrics_on_call_load') }}
    where on_call_seconds > 0

),

ranked as (

    select
        *
        {%- for measure in ['on_call_seconds', 'night_seconds', 'interruption_count'] %},
        row_number() over (
            partition by month_start, schedule_id order by {{ measure }}, user_id
        ) as {{ measure }}_rank
        {%- endfor %},
        count(*) over (partition by month_start, schedule_id) as person_count
    from loads

),

final as (

    select
        month_start,
        is_whole_month,
        schedule_id,
        max(schedule_name) as schedule_name,
        max(person_count) as person_count,
        max(person_count) < 3 as is_small_n,
        sum(on_call_seconds) as on_call_seconds,
        {{ percentile('on_call_seconds', 0.5) }} as median_on_call_seconds,
        max(on_call_seconds) as max_on_call_seconds,
        max(on_call_seconds) / {{ percentile('on_call_seconds', 0.5) }} as max_over_median,
        {%- for measure, name in {
            'on_call_seconds': 'on_call',
            'night_seconds': 'night',
            'interruption_count': 'interruption',
        }.items() %}
        case
            when max(person_count) >= 2
                then
                    cast(
                        sum((2 * {{ measure }}_rank - person_count - 1) * {{ measure }})
                        as {{ type_double() }}
                    )
                    / nullif(max(person_count) * sum({{ measure }}), 0)
        end as {{ name }}_gini,
        {%- endfor %}
        cast(sum(interruption_count) as bigint) as interruption_count
    from ranked
    group by month_start, is_whole_month, schedule_id

)

select * from final
