with source as (

    select * from {{ source('rootly', 'incident_form_field_selections') }}

),

fields as (

    select
        id as selection_id,
        incident_id,
        form_field_id,
        value as value_text,
        selected_option_ids as selected_option_ids_json
    from source
    where _deleted_at is null

),

final as (

    select * from fields

)

select * from final
