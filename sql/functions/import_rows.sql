-- Functions on the staged rows of imports. Only recoup_bulk may touch these.

-- The rows of a chunk whose new invoices and payments need no rule, each with what its invoice says: is_invoice on the row
-- that makes the invoice, is_payment on those that bring a payment for it. A payment finds its invoice by a window: nothing
-- is known of how many rows there are, and a join may go through them one by one.
create or replace function import_accounts(
    p_tenant uuid, p_import uuid, p_from_slot integer, p_from_seq integer, p_to_slot integer, p_to_seq integer)
    returns table (
        invoice text, currency text, total bigint, due_date date, issue_date date, is_invoice boolean, is_payment boolean,
        value_date date, paid bigint)
    language plpgsql stable
    as $$
#variable_conflict use_column
begin
    return query
    select n.invoice, first_value(n.currency) over of_invoice, first_value(n.total) over of_invoice,
        first_value(n.due_date) over of_invoice, first_value(n.issue_date) over of_invoice,
        n.opens and row_number() over of_invoice = 1,
        n.payment is not null and first_value(n.opens) over of_invoice
            and row_number() over (partition by n.payment order by n.seq) = 1,
        n.value_date, n.paid
    from (
        select r.customer_id, coalesce(r.invoice, r.payment_invoice) as invoice, r.seq, r.currency, r.total, r.due_date,
            r.issue_date, r.value_date, r.paid,
            r.invoice is not null and r.refused & 5 = 0 and r.route & 5 = 0 and r.terms is null as opens,
            case when r.refused & 9 = 0 and r.route & 6 = 0 then r.payment end as payment
        from import_row r
        where r.tenant_id = p_tenant and r.import_id = p_import and (r.slot, r.seq) > (p_from_slot, p_from_seq)
            and (r.slot, r.seq) <= (p_to_slot, p_to_seq)
    ) n
    window of_invoice as (partition by n.customer_id, n.invoice order by n.opens desc, n.seq);
end $$;

grant execute on function import_accounts(uuid, uuid, integer, integer, integer, integer) to recoup_bulk;
