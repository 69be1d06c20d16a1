{%- set kinds = {
    'custom_field': ('incidents', 'stg_rootly__form_fields', 'form_field_id', 'form_field_name'),
    'incident_role':
        ('incidents', 'stg_rootly__incident_roles', 'incident_role_id', 'incident_role_name'),
    'alert_field': ('alerts', 'stg_rootly__alert_fields', 'alert_field_id', 'alert_field_name'),
} -%}

with final as (
    {% for kind, (collection, model, id, name) in kinds.items() %}
    {%- set first_kind = loop.first %}
    {%- for key in [id, 'slug'] %}
    {%- if not (first_kind and loop.first) %}

    union all
    {% endif %}
    select
        '{{ collection }}' as collection,
        '{{ kind }}:' || {{ key }} as attribute,
        {{ id }} as attribute_id,
        {{ name }} as attribute_name
    from {{ ref(model) }}
    where {{ key }} is not null
    {%- endfor %}
    {%- endfor %}

)

select * from final
