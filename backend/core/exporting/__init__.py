"""Lists that leave as files: which columns, whose values, in what form. One way for every door."""
