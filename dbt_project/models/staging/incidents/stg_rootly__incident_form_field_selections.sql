with source as (

    select * from {{ source('rootly', 'incident_form_field_selections') }}

),

fields as (

    select
        id as selection_id,
        incident_id,
        form_field_id,
        value as value_text,
        selected_option_ids as selected_option_ids_json,
        selected_catalog_entity_ids as selected_catalog_entity_ids_json,
        selected_group_ids as selected_group_ids_json,
        selected_service_ids as selected_service_ids_json,
        selected_functionality_ids as selected_functionality_ids_json,
        selected_user_ids as selected_user_ids_json,
        selected_environment_ids as selected_environment_ids_json,
        selected_cause_ids as selected_cause_ids_json,
        selected_incident_type_ids as selected_incident_type_ids_json
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
