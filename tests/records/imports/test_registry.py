"""A registry export from file to register and back."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from jiedui.errors import JieduiError
from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.actions.importing import Sending
from jiedui.records.imports import staging
from jiedui.records.privacy import cipher
from tests.records.imports import province
from tests.records.imports.province import changed, contents, officer, roster, send, take, take_back

pytestmark = [pytest.mark.django_db, pytest.mark.duty("goal.1")]


def test_every_row_arrives_as_it_was_sent(tmp_path):
    """Each person's facts, household and year are those of the file; the number and phone open only with the key."""
    by, sent = officer(), roster()
    one = take(send(tmp_path, sent, by), by)
    assert (one.state, one.counts["added"]) == ("written", len(sent))
    assert one.counts["written"]["person"] == len(sent) == models.Person.objects.count()
    rows = {int(row["人编号"]): row for row in sent.to_pylist()}
    for person in models.Person.objects.select_related("household"):
        row = rows[person.pk]
        assert person.name == row["姓名"]
        assert person.get_relation_display() == row["与户主关系"]
        assert person.household_id == int(row["户编号"])
        assert person.joined_on == row["人员识别时间"]
        assert person.birth_year == int(row["证件号码"][6:10])
        assert cipher().decrypt(person.id_number, "id_number", person.pk) == row["证件号码"]
        assert (person.phone is None) == (row["联系电话"] is None)
        assert (person.import_id, person.entered_by_id) == (one.pk, by.pk)
    assert set(models.StatusChange.objects.values_list("kind", flat=True)) == {"enter"}
    assert not staging.folder(one.pk).exists()


def test_the_same_file_twice_changes_nothing(tmp_path):
    """The second time every row is the same, nothing is written, and the earlier import is named."""
    by, sent = officer(), roster()
    first = take(send(tmp_path, sent, by), by)
    before, entries = contents(), models.Change.objects.count()
    again = send(tmp_path, sent, by)
    assert (again.counts["same"], again.counts["added"], again.counts["changed"], again.counts["gone"]) == (
        len(sent), 0, 0, 0,
    )  # fmt: skip
    assert importing.earlier(again) == first
    assert take(again, by).counts["written"] == {}
    assert (contents(), models.Change.objects.exclude(table="import").count()) == (before, entries)


def test_only_what_changed_is_written_and_undo_restores_all(tmp_path):
    """One person's work, one household's income, one who is gone: three changes; taken back, all is as before."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    before = contents()
    person_id = int(sent["人编号"][1].as_py())
    new = changed(changed(sent, 1, **{"务工时间(月)": 11, "健康状况": "患有大病"}), 1, 姓名="改名")
    gone = province.neighbour(sent, 1)
    new = pa.concat_tables([new.slice(0, gone), new.slice(gone + 1)])
    second = send(tmp_path, new, by)
    assert (second.counts["changed"], second.counts["gone"]) == (1, 1)
    assert contents() == before
    take(second, by)
    person = models.Person.objects.get(pk=person_id)
    assert (person.name, person.health) == ("改名", "serious")
    year = models.PersonYear.objects.get(person=person, year=2019)
    assert (year.months_worked, year.health) == (11, "serious")
    left = models.Person.objects.get(pk=int(sent["人编号"][gone].as_py()))
    assert left.left_on == date(2019, 12, 31)
    assert take_back(second, by).state == "undone"
    assert contents() == before


def test_undoing_the_first_import_empties_the_register(tmp_path):
    """What an import entered is gone when it is taken back; the history keeps who and why."""
    by = officer()
    one = take_back(take(send(tmp_path, roster(), by), by), by)
    assert (one.state, sum(map(len, contents().values()))) == ("undone", 0)
    assert set(models.Change.objects.filter(table="person", operation="delete").values_list("reason", flat=True)) == {
        "测试撤销"
    }


def test_what_came_later_is_never_lost_by_an_undo(tmp_path):
    """A row changed after the import: the undo is refused with a sentence, and everything stays."""
    by, sent = officer(), roster()
    first = take(send(tmp_path, sent, by), by)
    take(send(tmp_path, changed(sent, 0, 健康状况="残疾"), by), by)
    before = contents()
    one = take_back(first, by)
    assert one.state == "written"
    assert "changed after it" in one.problem["message"]
    assert contents() == before


def test_a_new_year_gets_rows_for_everybody(tmp_path):
    """A roster of the next year: nothing differs, and everybody has a row of that year; the old year stays."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    one = take(send(tmp_path, sent, by, year=2020), by)
    assert (one.counts["same"], one.counts["written"]["person_year"]) == (len(sent), len(sent))
    assert models.PersonYear.objects.filter(year=2019).count() == len(sent)
    assert models.PersonYear.objects.filter(year=2020).count() == len(sent)


def test_a_county_that_is_behind_keeps_its_own_last_year(tmp_path):
    """One county has 2020 already: a roster of the province of 2020 differs nowhere, and the others get their rows."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    ahead = province.counties()[0]
    county = roster(inside=ahead)
    take(send(tmp_path, county, by, region=ahead, year=2020), by)
    one = send(tmp_path, sent, by, year=2020)
    assert (one.counts["same"], one.counts["changed"]) == (len(sent), 0)
    take(one, by)
    assert one.counts["written"]["person_year"] == len(sent) - len(county)
    assert models.PersonYear.objects.filter(year=2020).count() == len(sent)


def test_an_earlier_year_is_refused(tmp_path):
    """A roster of a year before the register's last one would take back what came later."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    one = send(tmp_path, sent, by, year=2018)
    assert one.state == "refused"
    assert "2018" in one.problem["message"]


def test_exit_and_relapse_are_in_the_timeline(tmp_path):
    """A status that changes from one year to the next is an exit or a relapse; inside a year, a correction."""
    by, sent = officer(), roster()
    sent = sent.set_column(sent.column_names.index("户类型"), "户类型", pa.array(["未脱贫"] * len(sent)))
    take(send(tmp_path, sent, by), by)
    out = sent.set_column(sent.column_names.index("户类型"), "户类型", pa.array(["已脱贫"] * len(sent)))
    take(send(tmp_path, out, by, year=2020), by)
    household = int(sent["户编号"][0].as_py())
    kinds = models.StatusChange.objects.filter(household_id=household).order_by("pk").values_list("kind", "changed_on")
    assert list(kinds)[1:] == [("exit", date(2020, 12, 31))]
    take(send(tmp_path, sent, by, year=2020), by)
    assert models.StatusChange.objects.filter(household_id=household, kind="correction").count() == 1
    take(send(tmp_path, out, by, year=2020), by)
    take(send(tmp_path, sent, by, year=2021), by)
    assert models.StatusChange.objects.filter(household_id=household, kind="relapse").count() == 1


def test_an_empty_cell_changes_nothing(tmp_path):
    """A column that is not there, or not filled in, leaves the register as it is."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    before = contents()
    poor = sent.drop_columns(["健康状况", "联系电话", "人均纯收入"])
    poor = poor.set_column(poor.column_names.index("民族"), "民族", pa.nulls(len(poor), pa.string()))
    one = send(tmp_path, poor, by)
    assert one.counts["same"] == len(sent)
    take(one, by)
    assert contents() == before


def test_bad_rows_are_refused_with_rule_and_row_and_the_rest_goes_in(tmp_path):
    """Row, column, value and rule of each; who is named by a refused row is not taken for gone."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    bad = changed(sent, 0, 证件号码="62010119900101123X")
    bad = changed(bad, 1, 行政村="没有的村")
    bad = changed(bad, 2, 证件号码=bad["证件号码"][3].as_py())
    one = send(tmp_path, bad, by)
    assert (one.counts["refused"], one.counts["gone"], one.counts["same"]) == (4, 0, len(sent) - 4)
    problems = {(row["row"], row["rule"]) for row in staging.read(one.pk, "problems").to_pylist()}
    assert {(2, "id_check_digit"), (3, "unknown_place"), (4, "id_twice"), (5, "id_twice")} <= problems


def test_another_persons_number_is_a_conflict(tmp_path):
    """Somebody else has the number: nothing is written for the row until the offices agree."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    rows = sent.to_pylist()
    stranger = {**rows[0], "人编号": "999999999", "户编号": "999999998", "与户主关系": "户主"}
    one = send(tmp_path, pa.Table.from_pylist([stranger], schema=sent.schema), by)
    assert (one.counts["conflict"], one.counts["added"]) == (1, 0)
    take(one, by)
    assert not models.Person.objects.filter(pk=999999999).exists()


def test_a_changed_number_waits_for_the_officers_word(tmp_path):
    """A person's identity number that differs is a conflict; settled for the file, number, index and year follow."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    from tests.records.small_country import id_number

    one = send(tmp_path, changed(sent, 0, 证件号码=id_number(7)), by)
    assert one.counts["conflict"] == 1
    importing.leave_out(one, settled=[2])
    take(one, by)
    person = models.Person.objects.get(pk=int(sent["人编号"][0].as_py()))
    assert cipher().decrypt(person.id_number, "id_number", person.pk) == id_number(7)
    assert bytes(person.id_number_index) == cipher().blind_index(id_number(7))
    assert person.birth_year == 1980


def test_what_is_left_out_is_not_written(tmp_path):
    """A kind and single rows that the officer leaves out stay as they are."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    before = contents()
    gone = province.neighbour(sent, 1)
    new = changed(changed(sent, 0, 健康状况="残疾"), 1, 健康状况="残疾")
    new = pa.concat_tables([new.slice(0, gone), new.slice(gone + 1)])
    one = send(tmp_path, new, by)
    importing.leave_out(one, kinds=["gone"], rows=[2])
    take(one, by)
    now = contents()
    assert sum(a != b for a, b in zip(before["Person"], now["Person"], strict=True)) == 1
    assert models.Person.objects.get(pk=int(sent["人编号"][1].as_py())).health == "disabled"


def test_overlapping_imports_never_overwrite_unseen(tmp_path):
    """Two offices compare, both change one person: the second sees that the register moved on, and compares again."""
    by, sent = officer(), roster()
    take(send(tmp_path, sent, by), by)
    one = send(tmp_path, changed(sent, 0, 健康状况="残疾"), by)
    other = send(tmp_path, changed(sent, 0, 健康状况="患有大病"), by)
    take(one, by)
    importing.accept(other, by=by)
    job.write(other.pk)
    other.refresh_from_db()
    assert (other.state, other.problem) == ("received", {"overtaken": 1})
    person = models.Person.objects.get(pk=int(sent["人编号"][0].as_py()))
    assert person.health == "disabled"
    job.compare(other.pk)
    other.refresh_from_db()
    assert other.counts["changed"] == 1
    take(other, by)
    person.refresh_from_db()
    assert person.health == "serious"


def test_two_officers_cannot_both_decide(tmp_path):
    """The second decision about one import is refused with its state."""
    by = officer()
    one = send(tmp_path, roster(), by)
    importing.accept(one, by=by)
    other = models.Import.objects.get(pk=one.pk)
    with pytest.raises(JieduiError, match="being written"):
        importing.accept(other, by=by)


def test_persons_of_another_county_are_a_conflict(tmp_path):
    """A person who is registered in another county is not taken over by an import of this one."""
    counties = province.counties()
    by = officer()
    take(send(tmp_path, roster(), by), by)
    here, there = roster(inside=counties[0]), roster(inside=counties[1])
    moved = here.to_pylist()[0] | {name: there[name][0].as_py() for name in ("县", "乡镇", "行政村")}
    one = send(tmp_path, pa.Table.from_pylist([moved], schema=here.schema), by, region=counties[1])
    assert (one.counts["conflict"], one.counts["added"]) == (1, 0)


def test_an_office_sends_only_for_its_own_region(tmp_path):
    """Outside the region where one sees people by name nothing is received."""
    by = officer("county", province.counties()[0])
    path = province.write(tmp_path / "a.xlsx", roster())
    with pytest.raises(JieduiError, match="outside your office"):
        importing.receive(Sending("registry", province.PROVINCE, "模拟", "a.xlsx", 2019), path, by=by)
    assert not models.Import.objects.exists()


def test_an_unreadable_file_is_refused_with_a_sentence(tmp_path):
    """What is no spreadsheet is said; nothing is staged but the file."""
    by = officer()
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    one = importing.receive(Sending("registry", province.PROVINCE, "模拟", "a.xlsx", 2019), path, by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    assert one.state == "refused"
    assert one.problem["message"]
    assert one.problem["remedy"]


def test_labels_are_asked_for_once_and_remembered(tmp_path):
    """A source's own codes: asked for, mapped by an officer, and known when the next file comes."""
    by, sent = officer(), roster()
    coded = sent.set_column(sent.column_names.index("致贫原因"), "致贫原因", pa.array(["3"] * len(sent)))
    one = send(tmp_path, coded, by)
    assert one.state == "columns"
    assert one.columns["unknown"] == {"cause": {"3": len(sent)}}
    importing.confirm(one, one.columns["fields"], {"cause": {"3": "schooling"}}, header=one.columns["header"], by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    assert (one.state, one.counts["added"]) == ("compared", len(sent))
    assert send(tmp_path, coded, by).state == "compared"
