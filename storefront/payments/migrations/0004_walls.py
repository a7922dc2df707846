"""The last wall behind the actions: PostgreSQL itself adds up refunds and lets no effect go back."""

from django.db import migrations

WALLS = """
    -- What is given back, known or not, never exceeds what was taken; the payment's row is locked,
    -- so that two transactions count one after the other.
    CREATE FUNCTION kiosk_refunds_within_captures() RETURNS trigger AS $$
    DECLARE
        taken numeric;
        given numeric;
    BEGIN
        SELECT captured_amount INTO taken FROM payments_payment WHERE id = NEW.payment_id FOR UPDATE;
        SELECT coalesce(sum(amount), 0) INTO given FROM payments_refund
            WHERE payment_id = NEW.payment_id AND status <> 'failed' AND id <> NEW.id;
        IF NEW.status <> 'failed' AND given + NEW.amount > taken THEN
            RAISE EXCEPTION 'refunds of payment % exceed what was taken', NEW.payment_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql;
    CREATE TRIGGER refunds_within_captures BEFORE INSERT OR UPDATE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION kiosk_refunds_within_captures();

    -- An effect that happened stays; its sum and its payment never change.
    CREATE FUNCTION kiosk_effects_only_go_forward() RETURNS trigger AS $$
    BEGIN
        IF NEW.amount <> OLD.amount OR NEW.payment_id <> OLD.payment_id
            OR (OLD.status <> 'pending' AND NEW.status <> OLD.status)
            OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at) THEN
            RAISE EXCEPTION '% only goes forward', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql;
    CREATE TRIGGER only_forward BEFORE UPDATE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION kiosk_effects_only_go_forward();
    CREATE TRIGGER only_forward BEFORE UPDATE ON payments_capture
    FOR EACH ROW EXECUTE FUNCTION kiosk_effects_only_go_forward();
"""
GATES = """
    DROP TRIGGER refunds_within_captures ON payments_refund;
    DROP TRIGGER only_forward ON payments_refund;
    DROP TRIGGER only_forward ON payments_capture;
    DROP FUNCTION kiosk_refunds_within_captures;
    DROP FUNCTION kiosk_effects_only_go_forward;
"""
# Calls for what is pending may have left before there was a mark for it.
SENT = """
    UPDATE payments_capture SET sent_at = created_at WHERE sent_at IS NULL;
    UPDATE payments_refund SET sent_at = created_at WHERE sent_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_effects")]
    operations = [
        migrations.RunSQL(SENT, migrations.RunSQL.noop),
        migrations.RunSQL(WALLS, GATES),
    ]
