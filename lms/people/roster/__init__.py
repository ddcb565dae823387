"""Roster import: a hostile file read in a confined process, staged by COPY, compared and written in SQL.

columns, rules   what headings and cells mean; plain Python
reader, reading  the confined process, and our side of its pipe
staging, diff, writing   the three steps in SQL
importing        the steps in order; jobs: an import asked for on a page, with its lease
"""
