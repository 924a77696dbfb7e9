"""查看敏感信息页: a person's hidden fields in full, once, for a reason that is kept with who asked and when."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import access
from jiedui.records.queries import register

_LONGEST = 500


@serves("goal.1")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, person_id: int) -> HttpResponse:
    """查看敏感信息页: a form first; the answer to it shows the fields and is kept by no cache."""
    person = register.person(request.user, person_id)
    if person is None or person.region_code not in request.user.sight().named:
        raise Http404(_("There is no such person whom I may see by name."))
    titles = {"id_number": _("Identity number"), "phone": _("Phone"), "address": _("Address")}
    context = {"person": person, "titles": titles, "chosen": list(titles), "reason": ""}
    status = 200
    if request.method == "POST":
        chosen = [name for name in titles if name in request.POST.getlist("columns")]
        reason = request.POST.get("reason", "").strip()[:_LONGEST]
        context |= {"chosen": chosen, "reason": reason}
        if not reason:
            context["problem"], status = _("Say what it is needed for; the reason is kept."), 400
        elif not chosen:
            context["problem"], status = _("Choose what is to be shown."), 400
        else:
            try:
                values = access.disclose(person.pk, chosen, by=request.user, reason=reason)
                context["shown"] = [(titles[name], values[name]) for name in chosen]
            except JieduiError as error:
                context |= {"problem": _("It was not shown."), "said": str(error)}
                status = 403
    response = render(request, "web/disclosure.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
