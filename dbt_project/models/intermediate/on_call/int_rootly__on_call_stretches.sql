{{ config(materialized='table') }}

with clock as (

    select {{ data_loaded_at('shifts') }} as data_loaded_at

),

-- What is planned after the last sync is no load yet; whoever only looks on carries none.
listed as (

    select
        shifts.shift_id,
        shifts.user_id,
        shifts.schedule_id,
        shifts.rotation_id,
        shifts.is_override,
        shifts.starts_at,
        least(shifts.ends_at, clock.data_loaded_at) as ends_at
    from {{ ref('stg_rootly__shifts') }} as shifts
    cross join clock
    where
        not shifts.is_shadow
        and shifts.user_id is not null
        and shifts.starts_at < shifts.ends_at
        and shifts.starts_at < clock.data_loaded_at
        and shifts.starts_at >= {{ earliest_start() }}

),

-- Where each shift is interrupted: by the overrides of its rotation, and in any case by its end.
-- An override that names no rotation stands for whoever is on call in the schedule.
cuts as (

    select
        listed.shift_id,
        overrides.starts_at as cut_from,
        overrides.ends_at as cut_until
    from listed
    inner join listed as overrides
        on
            listed.schedule_id = overrides.schedule_id
            and listed.starts_at < overrides.ends_at
            and listed.ends_at > overrides.starts_at
    where
        not listed.is_override
        and overrides.is_override
        and coalesce(listed.rotation_id = overrides.rotation_id, true)

    union all

    select
        shift_id,
        ends_at as cut_from,
        ends_at as cut_until
    from listed

),

-- What lies between two cuts was really held.
between_cuts as (

    select
        listed.user_id,
        listed.schedule_id,
        coalesce(
            max(cuts.cut_until) over (
                partition by cuts.shift_id
                order by cuts.cut_from, cuts.cut_until
                rows between unbounded preceding and 1 preceding
            ),
            listed.starts_at
        ) as starts_at,
        cuts.cut_from as ends_at
    from cuts
    inner join listed on cuts.shift_id = listed.shift_id

),

shifts as (

    select * from between_cuts
    where starts_at < ends_at

),

-- A person without a zone is in that of the schedule, for all schedules together too.
zoned as (

    select
        shifts.*,
        coalesce(of_user.time_zone, of_schedule.time_zone, '{{ time_zone() }}') as time_zone
    from shifts
    left join {{ ref('int_rootly__time_zones') }} as of_user
        on shifts.user_id = of_user.holder_id and of_user.holder_type = 'user'
    left join {{ ref('int_rootly__time_zones') }} as of_schedule
        on shifts.schedule_id = of_schedule.holder_id and of_schedule.holder_type = 'schedule'

),

-- For all schedules together a person who is on call for two at a time is so once.
held as (

    select
        user_id,
        schedule_id,
        time_zone,
        starts_at,
        ends_at
    from zoned

    union all

    select
        user_id,
        'all' as schedule_id,
        time_zone,
        starts_at,
        ends_at
    from zoned

),

in_order as (

    select
        *,
        max(ends_at) over (
            partition by user_id, schedule_id
            order by starts_at, ends_at, time_zone
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from held

),

-- Layers of a schedule overlap: a later shift counts for what the earlier ones leave, in its zone.
final as (

    select
        user_id,
        schedule_id,
        time_zone,
        greatest(starts_at, coalesce(covered_until, starts_at)) as starts_at,
        ends_at
    from in_order
    where covered_until is null or ends_at > covered_until

)

select * from final
