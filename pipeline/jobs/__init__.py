"""One module per scheduled job: read what is due, call steps, apply the result."""
