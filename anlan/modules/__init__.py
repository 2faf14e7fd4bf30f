"""The business modules; they meet only through their ``public`` doors."""
