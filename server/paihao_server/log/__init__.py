"""The log: every event of a hall, durable, in order, hash-chained. All else is a view of it."""
