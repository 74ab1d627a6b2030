"""The record: who did what at the desk, from which nothing is ever taken out."""
