-- Hands out the staged rows of the import that was stopped before they were applied, and forgets them.
copy (select * from import_row order by seq) to stdout;
delete from import_row;
