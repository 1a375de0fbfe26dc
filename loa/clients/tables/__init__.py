"""Lists as offices make them, read line by line: CSV with any delimiter, workbooks with titles, formulas and several sheets."""
