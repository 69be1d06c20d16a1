"""What report and dashboard ask of the marts alike, in SQL that every warehouse understands."""
