{{ panel_series('On-Call Metrics', ['alerts']) }}
