"""Current tables made from the log: for reports, timelines and anybody with SQL. Rebuildable."""
