"""Jobs that take turns follow one another at once.

Of the jobs with one lock the queue gives out one at a time, and workers look for the next only when a job is put in
or every five seconds. The end of a job says so now, when another of its lock is waiting.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION events_next_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    following bigint;
    word text;
BEGIN
    SELECT id INTO following FROM procrastinate_jobs
    WHERE lock = NEW.lock AND status = 'todo' AND id <> NEW.id
        AND (scheduled_at IS NULL OR scheduled_at <= now())
    ORDER BY id LIMIT 1;
    IF following IS NOT NULL THEN
        word := json_build_object('type', 'job_inserted', 'job_id', following)::text;
        PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, word);
        PERFORM pg_notify('procrastinate_any_queue_v1', word);
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER events_next_in_turn AFTER UPDATE OF status ON procrastinate_jobs
FOR EACH ROW WHEN (OLD.status = 'doing' AND NEW.status <> 'doing' AND NEW.lock IS NOT NULL)
EXECUTE FUNCTION events_next_in_turn();
"""
BACK = "DROP TRIGGER events_next_in_turn ON procrastinate_jobs; DROP FUNCTION events_next_in_turn();"


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_places'),
        ('procrastinate', '0041_post_retry_failed_job'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
