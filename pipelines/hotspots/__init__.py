"""Where commuters are hurt: sites from located accidents, what is said of them, who is near, and files for the map."""
