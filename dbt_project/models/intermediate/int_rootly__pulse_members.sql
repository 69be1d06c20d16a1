with pulses as (

    select * from {{ ref('stg_rootly__pulses') }}

),
{% for dimension in ['service', 'environment'] %}
{{ dimension }}_items as (

    {{ json_items('pulses', ['pulse_id'], dimension ~ 's_json') }}

),
{% for key in ['slug', dimension ~ '_name'] %}
-- One that was deleted may have left its {{ 'slug' if key == 'slug' else 'name' }} to another.
{{ dimension }}_by_{{ 'slug' if key == 'slug' else 'name' }} as (

    select
        {{ key }} as member_key,
        coalesce(
            min(case when not is_deleted then {{ dimension }}_id end), min({{ dimension }}_id)
        ) as member_id
    from {{ ref('stg_rootly__' ~ dimension ~ 's') }}
    where {{ key }} is not null
    group by {{ key }}

),
{% endfor %}
{{ dimension }}_named as (

    select
        pulse_id,
        {{ nested_id('item') }} as member_id,
        {{ nested_slug('item') }} as member_slug,
        {{ nested_name('item') }} as member_name
    from {{ dimension }}_items

),
{% endfor %}
final as (
    {% for dimension in ['service', 'environment'] %}
    {%- if not loop.first %}

    {{ union_distinct() }}
    {% endif %}
    select
        named.pulse_id,
        '{{ dimension }}' as dimension,
        coalesce(named.member_id, by_slug.member_id, by_name.member_id) as member_id
    from {{ dimension }}_named as named
    left join {{ dimension }}_by_slug as by_slug on named.member_slug = by_slug.member_key
    left join {{ dimension }}_by_name as by_name on named.member_name = by_name.member_key
    where coalesce(named.member_id, by_slug.member_id, by_name.member_id) is not null
    {%- endfor %}

)

select * from final
