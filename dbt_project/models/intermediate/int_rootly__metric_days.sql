with incidents as (

    select * from {{ ref('int_rootly__incident_populations') }}

),

bounds as (

    -- Days since the last incident are days without incidents, up to the day of the last sync.
    select
        min(started_on) as first_day,
        greatest(max(started_on), {{ local_date(data_loaded_at()) }}) as last_day
    from incidents

),

days as (

    {{ days_between('first_day', 'last_day') }}
    from bounds

),

final as (

    select
        days.metric_date,
        populations.population
    from days
    cross join (values ('parity'), ('strict')) as populations (population)

)

select * from final
