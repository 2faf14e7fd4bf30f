"""Who: users, posts, grants with validity, sign-in, tokens, and the keys that seal personal data."""
