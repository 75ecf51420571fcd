"""Hall files: schema, loader with line-numbered errors, and the plan they make."""
