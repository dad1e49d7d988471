"""Call logs: from a file's bytes to typed rows, and from those to the database, with every row accounted for.

`reading` makes text of bytes, `rows` makes records of text, `layout` finds the delimiter, the header and
the preset that fits it (`presets`), `columns` names the cells, `moments` and `checks` judge them, `keys`
says which call a row is, `parse` puts these together into a `result`, and `rejects` gives back what was
refused.
"""
