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

final as (

    {{ days_until_sync('started', none) }}

)

select * from final
