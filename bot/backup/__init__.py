"""Backups: everything that cannot be made again, in one checked file, from either database into either.

What is in it: all rows of the database as they were at one moment (manuals with every edition, tickets, escalations,
the audit trail …) and the settings files below the data folder. What is not: vectors and the search index, which are
made again from the clauses, and keys and tokens, which live in the environment. Customers' contact details are as
sealed as in the database.
"""
