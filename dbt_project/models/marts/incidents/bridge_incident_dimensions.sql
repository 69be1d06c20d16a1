{{ config(materialized='view') }}

select
    incident_id,
    dimension,
    member_id,
    member_name
from {{ ref('int_rootly__incident_dimensions') }}
