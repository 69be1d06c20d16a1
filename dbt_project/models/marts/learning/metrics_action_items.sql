with follow_ups as (

    select * from {{ ref('fct_action_items') }}
    where
        kind = 'follow_up'
        and is_in_population
        and not is_deleted
        and created_at is not null

),

action_items as (

    select * from {{ ref('stg_rootly__action_items') }}

),

team_items as (

    {{ json_items('action_items', ['action_item_id'], 'assigned_to_team_ids_json') }}

),

assigned_teams as (

    select distinct
        action_item_id,
        {{ nested_id('item') }} as team_id
    from team_items

),

incident_teams as (

    select
        incident_id,
        member_id as team_id,
        member_name as team_name
    from {{ ref('int_rootly__incident_dimensions') }}
    where dimension = 'team'

),

-- The teams that are to do it, or else those of its incident.
teams as (

    select
        action_item_id,
        team_id
    from assigned_teams
    where team_id is not null

    union all

    select
        follow_ups.action_item_id,
        incident_teams.team_id
    from follow_ups
    inner join incident_teams on follow_ups.incident_id = incident_teams.incident_id
    left join assigned_teams on follow_ups.action_item_id = assigned_teams.action_item_id
    where assigned_teams.action_item_id is null

),

links as (

    select
        follow_ups.action_item_id,
        'team' as dimension,
        coalesce(teams.team_id, 'none') as member_id
    from follow_ups
    left join teams on follow_ups.action_item_id = teams.action_item_id

    union all

    select
        action_item_id,
        'priority' as dimension,
        coalesce(priority, 'none') as member_id
    from follow_ups

    union all

    select
        action_item_id,
        'all' as dimension,
        'all' as member_id
    from follow_ups

),

team_names as (

    select
        incident_teams.team_id,
        max(incident_teams.team_name) as team_name
    from incident_teams
    group by incident_teams.team_id

),

members as (

    select
        links.dimension,
        links.member_id,
        case
            when links.dimension = 'all' then 'All'
            when links.member_id = 'none' then 'No ' || links.dimension
            when links.dimension = 'priority' then links.member_id
            else coalesce(max(catalogue.team_name), max(team_names.team_name), links.member_id)
        end as member_name
    from links
    -- One key each: a left join with a condition beside it compares every row with every other.
    left join {{ ref('stg_rootly__teams') }} as catalogue
        on case when links.dimension = 'team' then links.member_id end = catalogue.team_id
    left join team_names
        on case when links.dimension = 'team' then links.member_id end = team_names.team_id
    group by links.dimension, links.member_id

),

clock as (

    select {{ data_loaded_at('action_items') }} as data_loaded_at

),

-- While action items are read backwards, an old one that is still open may not be there yet.
reading as (

    {{ was_read('action_items', 'action_items', 'action_item_id') }}

),

bounds as (

    select
        {{ local_date('min(follow_ups.created_at)') }} as first_day,
        coalesce(
            max({{ local_date('clock.data_loaded_at') }}),
            {{ local_date('max(follow_ups.created_at)') }}
        ) as last_day
    from follow_ups
    cross join clock

),

days as (

    {{ days_between('first_day', 'last_day', 'bounds') }}

),

week_starts as (

    select distinct {{ period_start('week', 'metric_date') }} as week_start
    from days

),

weeks as (

    select
        week_starts.week_start,
        coalesce(
            case
                when clock.data_loaded_at < {{ end_of_day("week_starts.week_start + 6") }}
                    then clock.data_loaded_at
            end,
            {{ end_of_day("week_starts.week_start + 6") }}
        ) as measured_at
    from week_starts
    cross join clock

),

known as (

    select
        links.dimension,
        links.member_id,
        follow_ups.created_at,
        follow_ups.due_date,
        follow_ups.closed_at,
        -- The last change stands for the closing: it was not later than that.
        coalesce(follow_ups.closed_at_source = 'last_change', false) as is_end_upper_bound,
        {{ period_start('week', local_date('follow_ups.created_at')) }} as opened_in,
        {{ period_start('week', local_date('follow_ups.closed_at')) }} as closed_in,
        follow_ups.is_closed and follow_ups.closed_at is null as is_end_unknown
    from follow_ups
    inner join links on follow_ups.action_item_id = links.action_item_id

),

opened as (

    select
        dimension,
        member_id,
        opened_in,
        count(*) as opened_count
    from known
    group by dimension, member_id, opened_in

),

closed as (

    select
        dimension,
        member_id,
        closed_in,
        count(*) as closed_count,
        count(case when is_end_upper_bound then 1 end) as closed_upper_bound_count
    from known
    where closed_in is not null
    group by dimension, member_id, closed_in

),

ages as (

    select
        weeks.week_start,
        known.dimension,
        known.member_id,
        {{ seconds_between('known.created_at', 'weeks.measured_at') }} as age_seconds,
        known.due_date < {{ local_date('weeks.measured_at') }} as is_overdue,
        known.is_end_upper_bound
    from weeks
    inner join known
        on
            weeks.measured_at > known.created_at
            and (known.closed_at is null or weeks.measured_at <= known.closed_at)
    where not known.is_end_unknown

),

still_open as (

    select
        week_start,
        dimension,
        member_id,
        count(*) as open_count,
        count(case when is_end_upper_bound then 1 end) as open_upper_bound_count,
        count(case when is_overdue then 1 end) as overdue_count,
        {{ percentile('age_seconds', 0.5) }} as median_age_seconds
    from ages
    group by week_start, dimension, member_id

),

final as (

    select
        weeks.week_start,
        whole_periods.period_start is not null and reading.back_to is null as is_whole_period,
        members.dimension,
        members.member_id,
        members.member_name,
        weeks.measured_at,
        coalesce(opened.opened_count, 0) as opened_count,
        coalesce(closed.closed_count, 0) as closed_count,
        coalesce(closed.closed_upper_bound_count, 0) as closed_upper_bound_count,
        coalesce(still_open.open_count, 0) as open_count,
        coalesce(still_open.open_upper_bound_count, 0) as open_upper_bound_count,
        coalesce(still_open.overdue_count, 0) as overdue_count,
        coalesce(still_open.open_count, 0) < 5 as is_small_n,
        still_open.median_age_seconds
    from weeks
    cross join members
    cross join reading
    left join {{ ref('int_rootly__whole_action_item_periods') }} as whole_periods
        on whole_periods.period = 'week' and weeks.week_start = whole_periods.period_start
    left join opened
        on
            weeks.week_start = opened.opened_in
            and members.dimension = opened.dimension
            and members.member_id = opened.member_id
    left join closed
        on
            weeks.week_start = closed.closed_in
            and members.dimension = closed.dimension
            and members.member_id = closed.member_id
    left join still_open
        on
            weeks.week_start = still_open.week_start
            and members.dimension = still_open.dimension
            and members.member_id = still_open.member_id

)

select * from final
