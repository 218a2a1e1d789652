"""From files as received to typed, pseudonymous export rows: readers, headings, values, privacy."""
