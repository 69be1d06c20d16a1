{{ incident_metrics_by_dimension('service', ref('dim_services')) }}
