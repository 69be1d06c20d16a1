"""From a list of the API to typed rows: what to read, where it lands, what shape it takes."""
