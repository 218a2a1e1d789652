"""How everything is computed: plain Python and SQL, importable without Dagster."""
