"""The report: one self-contained HTML file about the last 90 days, made from the marts."""
