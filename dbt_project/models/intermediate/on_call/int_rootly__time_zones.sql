with known as (

    {{ known_time_zones() }}

),

spelled as (

    select
        name as spelling,
        name as time_zone
    from known

    union all

    select
        rails.rails_name as spelling,
        rails.time_zone
    from {{ ref('rootly_rails_time_zones') }} as rails
    inner join known on rails.time_zone = known.name

),

holders as (

    select
        'user' as holder_type,
        user_id as holder_id,
        time_zone as spelling
    from {{ ref('stg_rootly__users') }}

    union all

    -- A schedule has no zone of its own, its rotations have; where they differ, any of them does.
    select
        'schedule' as holder_type,
        schedule_id as holder_id,
        min(time_zone) as spelling
    from {{ ref('stg_rootly__schedule_rotations') }}
    where not is_deleted
    group by schedule_id

),

final as (

    select
        holders.holder_type,
        holders.holder_id,
        max(spelled.time_zone) as time_zone
    from holders
    inner join spelled on holders.spelling = spelled.spelling
    group by holders.holder_type, holders.holder_id

)

select * from final
