{{ incident_metrics_by_dimension('team', ref('dim_teams')) }}
