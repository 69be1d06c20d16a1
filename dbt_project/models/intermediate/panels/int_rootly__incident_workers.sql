with incidents as (

    select * from {{ ref('stg_rootly__incidents') }}

),

-- A union, so that a person who both started and resolved an incident is one worker.
final as (
    {% for milestone in ['started', 'mitigated', 'resolved', 'closed'] %}
    {%- if not loop.first %}

    {{ union_distinct() }}
    {% endif %}
    select
        incident_id,
        {{ milestone }}_by_user_id as user_id
    from incidents
    where {{ milestone }}_by_user_id is not null
    {%- endfor %}

)

select * from final
