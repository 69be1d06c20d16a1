{{ incident_metrics_by_dimension('severity', ref('dim_severities')) }}
