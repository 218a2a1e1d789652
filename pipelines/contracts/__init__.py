"""What every table means, declared once: exports as received, core tables, marts."""
