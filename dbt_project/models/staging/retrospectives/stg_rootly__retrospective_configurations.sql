with source as (

    select * from {{ source('rootly', 'retrospective_configurations') }}

),

fields as (

    select
        id as retrospective_configuration_id,
        kind as rule_kind,
        severity_ids as severity_ids_json,
        group_ids as team_ids_json,
        incident_type_ids as incident_type_ids_json,
        _deleted_at is not null as is_deleted
    from source

),

final as (

    select * from fields

)

select * from final
