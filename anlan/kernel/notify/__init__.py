"""Messages to people: the in-app inbox, and e-mail for those who gave an address."""
