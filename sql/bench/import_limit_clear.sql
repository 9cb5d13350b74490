-- After the database's side of a round: nothing of it is left to be planned.
delete from import_row;
update enrolment set dirty = false where dirty;
