with source as (

    select * from {{ source('rootly', 'alert_escalation_policies') }}

),

fields as (

    select
        alert_id,
        escalation_policy_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
