{{ panel_series('On-Call Metrics') }}
