"""子进程: one piece of work, measured alone: prints a JSON line with seconds, peak memory and what was done.

`JIEDUI_HOME` is the scratch installation that `run.py` made.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from bench.register.rosters import PROVINCE, YEAR

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiedui.runtime.django_settings")


def main() -> None:
    """`child.py make ROWS FOLDER` · `prepare FOLDER` · `import FILE` · `export` · `peer FILE bulk|plain`."""
    work = sys.argv[1]
    answer = {"make": _make, "prepare": _prepare, "import": _import, "export": _export, "peer": _peer}[work](
        *sys.argv[2:]
    )
    print(json.dumps({**answer, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), flush=True)


def _make(rows: str, folder: str) -> dict[str, Any]:
    import pyarrow.feather

    from bench.register.rosters import altered, province
    from jiedui.sheets import Column, write_xlsx

    made = province(int(rows))
    kinds = {"int64": "int", "double": "decimal", "date32[day]": "date", "string": "text"}
    rosters = {"first": made.roster, "changed": altered(made.roster, 0.01), "practice": made.roster.slice(0, 1000)}
    for name, roster in rosters.items():
        columns = [Column(one.name, kind=kinds[str(one.type)]) for one in roster.schema]
        write_xlsx(Path(folder) / f"{name}-{rows}.xlsx", columns=columns, batches=[roster])
    pyarrow.feather.write_feather(made.villages, str(Path(folder) / f"villages-{rows}.feather"))
    return {"columns": len(made.roster.column_names)}


def _start() -> None:
    from jiedui.runtime import django

    django.setup()


def _prepare(villages: str) -> dict[str, Any]:
    """An empty register with the villages of the roster."""
    _start()
    import pyarrow.feather

    from jiedui.jobs import databases
    from jiedui.records import loading
    from jiedui.records.actions.access import create_demo_users

    databases.migrate()
    loading.load_tables({}, replace=True, origin=loading.Origin("bench", 1, True))
    loading.load_villages(pyarrow.feather.read_table(villages))
    create_demo_users()
    return {}


def _import(file: str) -> dict[str, Any]:
    """From the uploaded file to the written register, by a worker that runs already: it has compared a small roster."""
    _start()
    from jiedui.jobs import importing as job
    from jiedui.records import models
    from jiedui.records.actions import importing

    by = models.User.objects.get(username="gansu")
    practice = Path(file).with_name("practice-" + Path(file).name.rpartition("-")[2])
    job.compare(_send(practice, by).pk)
    begun = time.perf_counter()
    one = _send(Path(file), by)
    job.compare(one.pk)
    compared = time.perf_counter()
    one.refresh_from_db()
    if one.state != "compared":
        raise SystemExit(f"{one.state}: {one.problem} {one.columns}")
    importing.accept(one, by=by)
    job.write(one.pk)
    ended = time.perf_counter()
    one.refresh_from_db()
    if one.state != "written":
        raise SystemExit(f"{one.state}: {one.problem}")
    return {"seconds": ended - begun, "compare": compared - begun, "write": ended - compared, "counts": one.counts}


def _send(file: Path, by: Any) -> Any:
    from jiedui.records.actions import importing

    copy = Path(os.environ["JIEDUI_HOME"]) / "upload.part"
    shutil.copyfile(file, copy)
    return importing.receive(importing.Sending("registry", PROVINCE, "bench", "roster.xlsx", YEAR), copy, by=by)


def _export() -> dict[str, Any]:
    """Everything that the province's office may see, as .xlsx, in the chunks that an HTTP answer would get."""
    _start()
    from bench.register.exporting import chunks

    begun, first, size = time.perf_counter(), None, 0
    for chunk in chunks("gansu"):
        first = first or time.perf_counter() - begun
        size += len(chunk)
    return {"seconds": time.perf_counter() - begun, "first_byte": first, "bytes": size}


def _peer(file: str, way: str) -> dict[str, Any]:
    """The same roster through django-import-export, with the same tables and checks."""
    _start()
    from bench.register.peer import run

    begun = time.perf_counter()
    rows = run(Path(file), bulk=way == "bulk")
    return {"seconds": time.perf_counter() - begun, "persons": rows}


if __name__ == "__main__":
    main()
