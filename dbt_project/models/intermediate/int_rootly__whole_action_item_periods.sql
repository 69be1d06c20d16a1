{{ config(materialized='table') }}

with action_items as (

    select {{ local_date('created_at') }} as started_on
    from {{ ref('stg_rootly__action_items') }}
    where created_at >= {{ earliest_start() }} and not is_deleted

),

days as (

    {{ days_until_sync('action_items', 'action_items') }}

),

final as (

    {{ whole_periods('action_items', 'days', 'action_items') }}

)

select * from final
