"""语句: what the program says in English of a spreadsheet, an import, a grant or a case, in the page's language.

Engines and jobs speak English (`JieduiError`). The sentences that an officer meets are listed here with their places,
so that a Chinese page says them in Chinese; one that is not listed stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from django.utils.translation import gettext

from jiedui.records.models import IMPORT_STATE, ORDER_STATE, PROBLEM, ROLE
from jiedui.web import sentences_labour, sentences_pairs
from jiedui.web.templatetags.figures import spoken


def _(sentence: str) -> str:
    """Marks a sentence for translation; it is translated when it is said."""
    return sentence


_KNOWN: Final = (
    _("The file is empty."),
    _("The file is larger than %(size)s GB."),
    _("Choose another file."),
    _("Send it county by county."),
    _("It is not said where the file comes from."),
    _("Name the system or the office."),
    _("There is no kind of import %(kind)s."),
    _("Kinds: %(kinds)s."),
    _("%(code)s is no division."),
    _("Choose the county, prefecture or province."),
    _("This place lies outside your office's region."),
    _("Choose a place that your office answers for."),
    _("A roster belongs to a year of the register."),
    _("Give a year from 2013 to %(year)s."),
    _("One column stands for two fields."),
    _("Give each field a column of its own."),
    _("No column is chosen for %(fields)s."),
    _("These columns are needed."),
    _("%(field)s has no value %(value)s."),
    _("Choose from the list."),
    _("Taking an import back needs a reason."),
    _("Say why; it is kept."),
    _("Look at it again."),
    _("What was read for import %(number)s is no longer there."),
    _("Send the file again."),
    _("This roster is of %(year)s, and the register has %(newest)s already."),
    _("A roster of an earlier year would take back what came later; correct the rows in question instead."),
    _("No header row was found in the first %(rows)s rows of the sheet."),
    _("The header must name at least these columns: %(columns)s. Download the template to see all."),
    _("The sheet has no column for %(columns)s."),
    _("Say which column it is, or add it."),
    _("The sheet has a header and no rows."),
    _("Fill in the rows, or choose another sheet."),
    _("Rows of this import were changed after it: %(rows)s. Nothing was taken back."),
    _("Take back the later imports first, or correct the rows one by one."),
    _("Rows of this import are used by rows of %(table)s that came later. Nothing was taken back."),
    _("Remove or move those rows first."),
    _("A mistake in the program; nothing was written."),
    _("The log of the worker has the details; report it."),
    _("The machine or the database broke off the work; nothing was written."),
    _("Try again; if it comes again, tell the administrator: the log of the worker has the details."),
    _("The worker died %(times)s times at this import; nothing was written."),
    _("Give the machine more memory, or send it county by county; then try again."),
    _("The database refused a row by its rule %(rule)s; nothing was written."),
    _("Compare the file again; if it comes again, report the rule's name."),
    _("The file is protected with a password and cannot be read."),
    _("Open it, remove the password (Save as → Tools → General options), and send the file again."),
    _("The file is empty (0 bytes)."),
    _("The file is neither a workbook nor a csv."),
    _("The file is a web page (an HTML table), whatever its name says."),
    _("The file is an old workbook (.xls of Excel or .et of WPS)."),
    _("The file is an old Excel workbook (.xls)."),
    _("The file is a binary workbook (.xlsb)."),
    _("The file is an OpenDocument file (.ods)."),
    _("The file is a zip archive and not a workbook."),
    _("The file is a document or a presentation."),
    _("The file is damaged: %(detail)s."),
    _("The file has no rows."),
    _("The file has more than %(rows)s rows."),
    _("The workbook has no visible sheet with rows."),
    _("Save the file again as .xlsx."),
    _("Save the file again as .xlsx, or as CSV UTF-8."),
    _("Save the file again as CSV UTF-8, or as .xlsx."),
    _("Export it again and send the new file."),
    _("Export it as Excel (.xlsx)."),
    _("Send the table as an .xlsx workbook."),
    _("Send the .xlsx workbook itself."),
    _("Split it into several files."),
    _("More than %(entries)s entries would be left out one by one."),
    _("Leave out the kind as a whole, or send the file without them."),
    _("A decision needs a reason."),
    _("The pair was decided already."),
    _("Look at the list again."),
    _("The pair is not decided."),
    _("There is no decision %(decision)s."),
    _("A staged file ends too early."),
    _("A staged file does not open: it was altered, or the keys are others."),
    _("Send the spreadsheet again."),
    _("Import %(number)s is %(state)s, so this cannot be done now."),
    _("There is no field %(field)s."),
    _("There is no kind of entry %(kind)s."),
    _("Decide “same” or “different”."),
    _("The file has %(size)s MB; the limit is %(limit)s MB."),
    _("The file is XML and not a workbook."),
    _("The file is an old Word document (.doc)."),
    _("The file is a Numbers document."),
    _("The file is a zip archive with tables in it."),
    _("Unpack it and send one table."),
    _("The file cannot be opened: %(detail)s."),
    _("Check the path."),
    _("A csv has no sheets."),
    _("Leave the name of the sheet out."),
    _("The quote that begins in %(place)s is never closed."),
    _("Split it."),
    _("The file has content in column %(column)s (row %(row)s); the limit is %(limit)s columns."),
    _("Delete the columns behind the table and save the file again."),
    _("The text in %(place)s has more than %(limit)s characters; perhaps its quote is never closed."),
    _("The text in %(place)s has more than %(limit)s characters."),
    _("Shorten it."),
    _("A NUL character stands in %(place)s; the file is damaged or no text."),
    _("There are bytes in line %(line)s that are no UTF-8, the encoding of the rest of the file."),
    _("There are bytes%(where)s that are no text in the encoding of the file."),
    _("The file has %(parts)s parts; a workbook has a few."),
    _("The part %(part)s is packed in a way that spreadsheets do not use."),
    _("The part %(part)s of the workbook is larger than %(limit)s MB."),
    _("Copy the rows into a new workbook and save that."),
    _("Unpacked, the file is far larger than a table can be (%(size)s MB so far)."),
    _("Copy the rows that are needed into a new workbook and save that."),
    _("A cell has more than %(limit)s characters."),
    _("Shorten the text."),
    _("The different texts of the workbook are more than %(limit)s MB."),
    _("Save the table in the first sheet and send it."),
    _("There is no visible sheet “%(sheet)s” with rows."),
    _("Choose one of: %(sheets)s."),
    _("The sheet has more than %(rows)s rows."),
    _("The sheet has content in column %(column)s (row %(row)s); the limit is %(limit)s columns (%(last)s)."),
    _("A NUL character stands in the workbook%(where)s."),
    _("Delete the content of that cell, type it again and save."),
    _("Something in the workbook is larger than a cell can be (%(limit)s MB)."),
    _("The workbook is filled with blanks instead of cells."),
    _("Do not trust this file. Ask for a new one that Excel or WPS has saved."),
    _("The part %(part)s has a document type (DTD), which no spreadsheet program writes."),
    # users and grants
    _("Nobody grants a role to oneself."),
    _("Nobody keeps one's own account here."),
    _("Have another administrator do it."),
    _("There is no role %(role)s."),
    _("Roles: %(roles)s."),
    _("%(user)s has the role %(role)s in %(code)s in part of that time, or the code or the dates are wrong."),
    _("Withdraw the other grant first, or correct the entry."),
    _("The role firm needs a firm that is in the records."),
    _("Give its number."),
    _("The role %(role)s is for a place, not for a firm."),
    _("Leave the firm out."),
    _("The role %(role)s needs a region."),
    _("Give a division code."),
    _("%(user)s holds the role %(role)s in part of that time, which excludes %(other)s: %(reason)s"),
    _("Withdraw the other role first, or grant this one to somebody else."),
    _("Who assesses or audits does not do the work that is assessed."),
    _("Who assesses or audits does not act for a firm that is paid."),
    _("Who grants rights does not see people, money or cases."),
    _("Who looks into cases does not take the decisions that they are about."),
    _("Who looks into cases does not act for a firm."),
    _("Who acts for a firm does not decide for an office."),
    _("The grant has ended already."),
    _("Nothing is to be done."),
    _("The grant has begun and is not taken back as if it had never been."),
    _("Withdraw it from today or a later day."),
    _("There is no firm %(firm)s."),
    _("Several firms are called %(firm)s."),
    _("Give the number: %(numbers)s."),
    _("Give its number, or its whole name."),
    _("The last day lies before the first."),
    _("There is no such grant of this user."),
    _("The sign-in name or the shown name is missing, too long, or holds characters that it may not."),
    _("A sign-in name has letters, digits and @ . + - _ only."),
    _("There is a user %(name)s already."),
    _("Choose another name."),
    # places and days that were typed
    _("No place is called %(name)s."),
    _("Several places are called %(name)s."),
    _("Give the code: %(codes)s."),
    _("Give the name or the code."),
    _("%(text)s is no day."),
    _("Give year-month-day, as 2018-06-30."),
    _("Correct the day."),
    _("%(text)s is no number."),
    _("Give digits only."),
    # matching
    _("There is no matching problem %(problem)s."),
    _("Problems: %(problems)s."),
    _("This order is %(order)s already."),
    _("There is no mark %(kind)s of %(problem)s."),
    _("Marks: %(kinds)s."),
    _("A mark needs a reason."),
    _("Say why; it is kept with the mark."),
    _("This pair is marked already."),
    _("Take the mark back first."),
    _("This mark was taken back already."),
    _("Look at the page again."),
    _("This person is pinned elsewhere."),
    _("Take that mark back first."),
    _("Order %(number)s for the same place is %(order)s."),
    _("Wait for it, or stop it."),
    _("An order has no field %(field)s."),
    _("Write it as 2019-12-31."),
    _("%(day)s is before the programme or still to come."),
    _("Choose a day from %(first)s to today."),
    _("%(key)s is official, so it cannot be changed."),
    _("%(key)s does not belong to %(problem)s, so it cannot be changed."),
    _("%(key)s cannot take the value %(value)s."),
    _("Give a whole number from 0 to %(most)s."),
    _("This parameter cannot be changed here."),
    _("Choose from %(codes)s."),
    _("%(code)s is no county of %(region)s."),
    _("Give quotas for counties inside."),
    _("The quota of %(county)s is not a least and a greatest number: %(limits)s."),
    _("Give whole numbers, the least not above the greatest; leave the greatest empty for no limit."),
    _("Run %(number)s is no finished run of this problem."),
    _("Start from another, or from none."),
    _("A mistake in the program; nothing was stored."),
    _("The machine or the database broke off the work; nothing was stored."),
    _("Ask again; if it comes again, tell the administrator: the log of the worker has the details."),
    _("The worker died %(times)s times at this order; nothing was stored."),
    _("Give the machine more memory, or ask county by county."),
    _("Worker %(worker)s is pinned to two vacancies."),
    _("Take one of the pins away."),
    _("Worker %(worker)s and vacancy %(vacancy)s are pinned and forbidden."),
    _("Take one mark away."),
    _("The records are empty: there is nothing to freeze."),
    _("Proposals of this kind cannot be signed here."),
    _("Enter what was decided by hand."),
    # cases
    _("This place lies outside the places whose cases you see."),
    _("Choose a place inside."),
    _("There is no subject %(name)s."),
    _("The number %(number)s stands for nothing that you see."),
    _("Check it, or leave it out."),
    _("A case is not closed before it was opened."),
    _("The case is closed already."),
    _("A case needs a title, and its end a finding."),
    _("Say in a sentence what it is."),
    _("The text has more than %(limit)s characters."),
    _("The day is still to come."),
    *sentences_labour.KNOWN,
    *sentences_pairs.KNOWN,
)


_LISTS: Final = {"order": ORDER_STATE, "problem": PROBLEM}
"""Place of a sentence → the code list of which it holds an English label."""


def told(sentence: str) -> str:
    """说出: the sentence in the page's language."""
    for pattern, known in _patterns():
        if found := pattern.fullmatch(sentence):
            places = {name: _in_words(name, text) for name, text in found.groupdict().items()}
            return gettext(known) % places
    return sentence


def _in_words(place: str, text: str) -> str:
    """What stands in a place of a sentence, in the page's language: a state, a role, or a sentence inside."""
    if place == "state":
        return next((spoken(labels) for labels in IMPORT_STATE.values() if labels[1] == text), text)
    if place in _LISTS:
        return next((spoken(labels) for labels in _LISTS[place].values() if labels[1] == text), text)
    if place in ("role", "other") and text in ROLE:
        return spoken(ROLE[text])
    if text in sentences_labour.WORDS and place in ("before", "after", "word", "who", "day"):
        return spoken(sentences_labour.WORDS[text])
    return told(text) if place == "reason" else text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(known), known) for known in _KNOWN)


def _pattern(known: str) -> re.Pattern[str]:
    pieces = re.split(r"%\((\w+)\)s", known)
    texts = [re.escape(piece) if at % 2 == 0 else f"(?P<{piece}>.*?)" for at, piece in enumerate(pieces)]
    return re.compile("".join(texts), re.DOTALL)
