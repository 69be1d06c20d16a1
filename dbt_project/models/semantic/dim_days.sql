with incidents as (

    select started_on from {{ ref('fct_incidents') }}
    where has_plausible_start and not is_deleted

),

alerts as (

    select started_on from {{ ref('fct_alerts') }}
    where has_plausible_start and not is_deleted

),

started as (

    select started_on from incidents
    union all
    select started_on from alerts

),

bounds as (

    select
        min(started_on) as first_day,
        greatest(max(started_on), {{ local_date(data_loaded_at()) }}) as last_day
    from started

),

days as (

    {{ days_between('first_day', 'last_day') }}
    from bounds

),

final as (

    select metric_date from days

)

select * from final
