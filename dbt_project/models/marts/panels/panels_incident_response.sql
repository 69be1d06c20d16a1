{{ panel_series('Incident Response') }}
