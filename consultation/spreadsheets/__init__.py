"""Spreadsheets of responses brought into a consultation that is published: what officers import in the admin.

A file is read (sniffing, book, reading), its columns get a meaning (targets, guessing, values, meaning), its rows are
checked (rows), and they are stored together or not at all (passing). uploads leads a file from one step to the next.
"""
