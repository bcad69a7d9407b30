"""Two versions to a change, pure: what is new, what went, what of it is noise, and how much it weighs."""
