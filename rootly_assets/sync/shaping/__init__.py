"""From a landing file to typed rows: one SELECT."""
