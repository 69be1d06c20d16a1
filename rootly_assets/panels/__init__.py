"""Rootly's dashboard panels as SQL over our models, and our numbers beside the ones Rootly computed."""
