with source as (

    select * from {{ source('rootly', 'alert_teams') }}

),

fields as (

    select
        alert_id,
        team_id
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
