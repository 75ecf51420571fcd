"""What every process of a hall stands on: clock, bus, tasks, logs and the command line."""
