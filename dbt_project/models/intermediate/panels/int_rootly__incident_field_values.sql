{%- set chosen = {
    'selected_option_ids_json': ('stg_rootly__form_field_options', 'option_id', 'option_value'),
    'selected_catalog_entity_ids_json':
        ('stg_rootly__catalog_entities', 'catalog_entity_id', 'catalog_entity_name'),
    'selected_group_ids_json': ('stg_rootly__teams', 'team_id', 'team_name'),
    'selected_service_ids_json': ('stg_rootly__services', 'service_id', 'service_name'),
    'selected_functionality_ids_json':
        ('stg_rootly__functionalities', 'functionality_id', 'functionality_name'),
    'selected_user_ids_json': ('stg_rootly__users', 'user_id', 'full_name'),
    'selected_environment_ids_json':
        ('stg_rootly__environments', 'environment_id', 'environment_name'),
    'selected_cause_ids_json': ('stg_rootly__causes', 'cause_id', 'cause_name'),
    'selected_incident_type_ids_json':
        ('stg_rootly__incident_types', 'incident_type_id', 'incident_type_name'),
} -%}

with selections as (

    select * from {{ ref('stg_rootly__incident_form_field_selections') }}

),

{%- for column in chosen %}

{{ column | replace('_ids_json', '_items') }} as (

    {{ json_items('selections', ['incident_id', 'form_field_id'], column) }}

),
{%- endfor %}

fields as (

    select
        incident_id,
        form_field_id,
        value_text as member
    from selections
    {%- for column, (model, key, name) in chosen.items() %}

    union all

    select
        items.incident_id,
        items.form_field_id,
        coalesce(chosen.{{ name }}, {{ json_scalar('items.item') }}) as member
    from {{ column | replace('_ids_json', '_items') }} as items
    left join {{ ref(model) }} as chosen on {{ json_scalar('items.item') }} = chosen.{{ key }}
    {%- endfor %}

),

final as (

    -- The same entry chosen twice is one member.
    select distinct
        incident_id,
        form_field_id,
        member
    from fields
    where member is not null

)

select * from final
