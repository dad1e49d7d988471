"""Reviews behind the wall; closed minutes, and what was decided in them, never change."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, same_engagement

TABLES = ("actionitem", "addendum", "carryover", "decision", "minutes", "reviewpoint")

GUARDS = """
CREATE FUNCTION app.guard_minutes() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'closed minutes do not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON milestones_minutes
    FOR EACH ROW EXECUTE FUNCTION app.guard_minutes();

-- A review that was held stays held on its day.
CREATE FUNCTION app.guard_held() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.held_on IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.held_on IS DISTINCT FROM OLD.held_on) THEN
        RAISE EXCEPTION 'review % was held', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER held BEFORE UPDATE OR DELETE ON milestones_review
    FOR EACH ROW EXECUTE FUNCTION app.guard_held();

-- What was decided and undertaken in a review stands with its minutes; only how an action ends is still written.
CREATE FUNCTION app.guard_decided() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_review bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.review_id ELSE OLD.review_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM milestones_minutes m WHERE m.review_id = of_review AND m.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the minutes of this review are closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER decided BEFORE INSERT OR UPDATE OR DELETE ON milestones_decision
    FOR EACH ROW EXECUTE FUNCTION app.guard_decided();
CREATE TRIGGER decided BEFORE INSERT OR DELETE ON milestones_actionitem
    FOR EACH ROW EXECUTE FUNCTION app.guard_decided();
CREATE TRIGGER agreed BEFORE UPDATE OF review_id, text, owner_id, due_on ON milestones_actionitem
    FOR EACH ROW EXECUTE FUNCTION app.guard_decided();
CREATE TRIGGER ended BEFORE UPDATE ON milestones_actionitem FOR EACH ROW
    WHEN (OLD.done_on IS NOT NULL OR OLD.dropped_at IS NOT NULL) EXECUTE FUNCTION app.refuse_change();
"""
NO_GUARDS = """
DROP TRIGGER ended ON milestones_actionitem;
DROP TRIGGER agreed ON milestones_actionitem;
DROP TRIGGER decided ON milestones_actionitem;
DROP TRIGGER decided ON milestones_decision;
DROP FUNCTION app.guard_decided();
DROP TRIGGER held ON milestones_review;
DROP FUNCTION app.guard_held();
DROP TRIGGER guard ON milestones_minutes;
DROP FUNCTION app.guard_minutes();
"""


class Migration(migrations.Migration):
    dependencies = [("milestones", "0007_reviews")]
    operations = [
        *(engagement_table(f"milestones_{name}") for name in TABLES),
        *(same_engagement(f"milestones_{name}", "review_id", "milestones_review") for name in TABLES),
        same_engagement("milestones_actionitem", "owner_id", "engagements_participant"),
        same_engagement("milestones_carryover", "action_id", "milestones_actionitem"),
        *(append_only(f"milestones_{name}") for name in ("addendum", "carryover", "reviewpoint")),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
