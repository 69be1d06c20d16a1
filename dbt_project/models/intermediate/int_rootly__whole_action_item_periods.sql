{{ config(materialized='table') }}

with action_items as (

    select {{ local_date('created_at') }} as started_on
    from {{ ref('stg_rootly__action_items') }}
    where created_at >= {{ earliest_start() }} and not is_deleted

),

bounds as (

    select
        min(started_on) as first_day,
        {{ local_date(data_loaded_at('action_items')) }} as last_day
    from action_items

),

days as (

    {{ days_between('first_day', 'last_day', 'bounds') }}

),

final as (

    {{ whole_periods('action_items', 'days', 'action_items') }}

)

select * from final
