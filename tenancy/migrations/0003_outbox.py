"""The outbox behind the wall, with a bell that rings on commit."""

from django.db import migrations

POLICIES = """
ALTER TABLE tenancy_job ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy_job FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenancy_job TO app_web
    USING (engagement_id = ANY ((SELECT app.engagements())::bigint[])
           OR (engagement_id IS NULL AND organisation_id = ANY ((SELECT app.organisations())::bigint[])))
    WITH CHECK (organisation_id = ANY ((SELECT app.organisations())::bigint[])
           AND (engagement_id IS NULL OR engagement_id = ANY ((SELECT app.engagements())::bigint[])));
-- The work is done with the rights of `user_id`: nobody asks for it in another's name.
CREATE POLICY own_name ON tenancy_job AS RESTRICTIVE FOR INSERT TO app_web
    WITH CHECK (user_id = (SELECT nullif(current_setting('app.user', true), '')::bigint));
CREATE POLICY own_name_again ON tenancy_job AS RESTRICTIVE FOR UPDATE TO app_web
    USING (true) WITH CHECK (user_id = (SELECT nullif(current_setting('app.user', true), '')::bigint));
-- The worker takes any job: a job holds ids only, and what they point at is seen as the person who asked.
CREATE POLICY worker ON tenancy_job TO app_worker USING (true) WITH CHECK (true);
"""

BELL = """
CREATE FUNCTION app.ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tollgate_jobs', NEW.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT OR UPDATE OF queued_at ON tenancy_job
    FOR EACH ROW WHEN (NEW.state = 'queued') EXECUTE FUNCTION app.ring();
"""

BACK = """
DROP TRIGGER ring ON tenancy_job;
DROP FUNCTION app.ring();
DROP POLICY worker ON tenancy_job;
DROP POLICY own_name_again ON tenancy_job;
DROP POLICY own_name ON tenancy_job;
DROP POLICY tenant ON tenancy_job;
ALTER TABLE tenancy_job NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenancy_job DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_job")]
    operations = [migrations.RunSQL(POLICIES + BELL, BACK)]
