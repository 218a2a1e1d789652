"""What exists: the Dagster assets. The only package that imports dagster."""
