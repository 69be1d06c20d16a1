with source as (

    select * from {{ source('rootly', 'pulses') }}

),

fields as (

    select
        id as pulse_id,
        source as pulse_source,
        summary,
        services as services_json,
        environments as environments_json,
        created_at as occurred_at
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
