"""Duplicates in a synthetic register with labelled damage: how long, how many are found, how many are wrong."""
