"""Proposals between places, organisations and posts: seen from either side, as `results.visibility.PairQuerySet`."""

from django.db import migrations


def inside(column, name):
    return f"{column}::text <@ (SELECT nullif(current_setting('jiedui.{name}', true), '')::codemultirange)"


def either(*names):
    return " OR ".join(inside(column, name) for column in ("left_region", "right_region") for name in names)


SEEN = f"(problem = 'post' AND ({either('talent')})) OR (problem <> 'post' AND ({either('programme', 'office')}))"


class Migration(migrations.Migration):
    dependencies = [("results", "0007_matches"), ("records", "0010_labour_steps")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE results_pair_proposal ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY scope ON results_pair_proposal FOR SELECT USING ({SEEN});",
            "DROP POLICY scope ON results_pair_proposal; ALTER TABLE results_pair_proposal DISABLE ROW LEVEL SECURITY;",
        )
    ]
