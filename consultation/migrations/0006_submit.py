"""One round trip for a submission on PostgreSQL, with plans that each connection keeps (docs/decisions/0011)."""

from django.db import migrations

# The lock is that of ledger.submitting. It stands in the WHERE, so that a row which is given an id has passed it.
CREATE = """
    CREATE FUNCTION consultation_submit(
        consultation bigint, new_key uuid, new_reference text, new_version bigint,
        new_language text, new_channel text, new_answers jsonb, words jsonb
    ) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        inserted bigint;
    BEGIN
        INSERT INTO consultation_response
            (consultation_id, key, reference, version_id, language, channel, answers, received_at)
        SELECT c.id, new_key, new_reference, new_version, new_language, new_channel, new_answers, statement_timestamp()
        FROM consultation_consultation c
        WHERE c.id = consultation
            AND c.opens_at <= statement_timestamp()
            AND (c.closes_at IS NULL OR c.closes_at > statement_timestamp())
            AND pg_advisory_xact_lock_shared(7411, c.id::int) IS NOT NULL
        ON CONFLICT DO NOTHING
        RETURNING id INTO inserted;
        IF inserted IS NOT NULL AND words <> '[]' THEN
            INSERT INTO consultation_answerwords (response_id, question, option, text)
            SELECT inserted, (word ->> 0)::smallint, (word ->> 1)::smallint, word ->> 2
            FROM jsonb_array_elements(words) word;
        END IF;
        RETURN inserted;
    END
    $$
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION consultation_submit")


class Migration(migrations.Migration):

    dependencies = [
        ("consultation", "0005_wider_block_ids"),
    ]

    operations = [migrations.RunPython(create, drop)]
