"""What the benchmark promises: it counts nothing that is not right."""
