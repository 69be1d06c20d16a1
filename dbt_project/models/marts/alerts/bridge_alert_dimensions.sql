{{ config(materialized='view') }}

select
    alert_id,
    dimension,
    member_id,
    member_name
from {{ ref('int_rootly__alert_dimensions') }}
