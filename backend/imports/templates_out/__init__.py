"""Templates: each register's sheet as an empty workbook, ready to be filled in and imported."""
