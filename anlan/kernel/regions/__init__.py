"""Regions: a tree of any depth (city, county or none, town, village, grid), which merges and is renamed by date."""
