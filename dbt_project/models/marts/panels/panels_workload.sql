{{ panel_series('Workload') }}
