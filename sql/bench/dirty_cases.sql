-- Cases still to be planned.
select count(*) from enrolment where dirty;
