{{ config(materialized='table') }}

-- They are by when their incident started: their data begins with that of the incidents.
{{ whole_incident_periods('post_mortems') }}
