"""Template tags of the screens; a built-in of every template."""
