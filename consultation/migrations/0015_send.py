"""A draft is sent in one round trip on PostgreSQL, and what is offered is found by a plan that each connection keeps.

See docs/decisions/0011. Both functions are new: while a release rolls out, the version before goes on without them.
"""

from django.db import migrations

# As drafts.finish and ledger.submit one after the other. Without the draft as it was read, or without the response, nothing
# is changed, and NULL says so.
SEND = """
    CREATE FUNCTION consultation_send(
        draft bigint, as_read integer,
        consultation bigint, new_key uuid, new_reference text, new_state text, new_version bigint,
        new_language text, new_channel text, new_answers jsonb, words jsonb, reasons jsonb
    ) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        inserted bigint;
    BEGIN
        PERFORM FROM consultation_draft d
        WHERE d.id = draft AND d.revision = as_read AND d.sent_at IS NULL AND d.corrects IS NULL FOR UPDATE;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        inserted := consultation_submit_or_hold(
            consultation, new_key, new_reference, new_state, new_version,
            new_language, new_channel, new_answers, words, reasons
        );
        IF inserted IS NOT NULL THEN
            UPDATE consultation_draft d SET answers = '{}', sent_at = statement_timestamp() WHERE d.id = draft;
        END IF;
        RETURN inserted;
    END
    $$
"""

# The pages on which a consultation is offered, and whether a page above each, or itself, is restricted.
OFFERED = """
    CREATE FUNCTION consultation_offered(translation uuid)
    RETURNS TABLE (page integer, offered_in varchar, restricted boolean, place varchar)
    LANGUAGE plpgsql STABLE AS $$
    BEGIN
        RETURN QUERY
        SELECT p.id, l.language_code, EXISTS (
            SELECT 1 FROM wagtailcore_pageviewrestriction r JOIN wagtailcore_page above ON above.id = r.page_id
            WHERE substr(p.path, 1, length(above.path)) = above.path
        ), p.path
        FROM wagtailcore_page p JOIN wagtailcore_locale l ON l.id = p.locale_id
        WHERE p.translation_key = translation AND p.live AND p.alias_of_id IS NULL;
    END
    $$
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(SEND)
        schema_editor.execute(OFFERED)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION consultation_send")
        schema_editor.execute("DROP FUNCTION consultation_offered")


class Migration(migrations.Migration):

    dependencies = [
        ("consultation", "0014_life"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(create, drop)]
