{{ panel_series('Workload', ['incidents', 'users']) }}
