"""The corrected workbook: staff's own file with its problems marked, made within the child's limits.

Only what is marked changes: cells in one sheet's XML, styles at the end of styles.xml. All else is
copied packed as it is, so it stays what it was to the byte. Standard library and xlsxwriter alone.
"""
