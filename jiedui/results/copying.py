"""批量写入: many rows of a result by COPY."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.csv
from django.db import connection, models
from psycopg import sql


def copy_rows(model: type[models.Model], rows: pa.Table) -> None:
    """写入: the columns of `rows` are columns of the model's table. JSON comes as text, null as nothing."""
    names = sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier(model._meta.db_table), names)
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(rows, sink, pyarrow.csv.WriteOptions(include_header=False))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(memoryview(sink.getvalue()))
