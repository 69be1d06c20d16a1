{{ config(materialized='table') }}

{{ whole_incident_periods('incidents') }}
