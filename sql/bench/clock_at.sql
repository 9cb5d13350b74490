-- Sets the product's clock. Variable: microseconds ahead of the machine's.
update instance set clock_offset_us = :microseconds;
