{{ panel_series(
    'Incident Response', ['incidents', 'incident_post_mortems', 'incident_action_items']
) }}
