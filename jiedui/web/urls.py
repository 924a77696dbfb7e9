"""网址: the plan of the site. Names are what templates link by; every path needs a signed-in user but the door."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from jiedui.web.pages import (
    account,
    assessment,
    clauses,
    evidence,
    home,
    pair,
    proposals,
    record,
    region,
    reports,
    runs,
)

urlpatterns = [
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="language"),
    path("", home.page, name="home"),
    path("pairs/<int:pairing_id>/", pair.page, name="pair"),
    path("regions/", region.search, name="regions"),
    path("regions/<str:code>/", region.page, name="region"),
    path("proposals/", proposals.page, name="proposals"),
    path("proposals/<int:proposal_id>/", proposals.detail, name="proposals-detail"),
    path("assessment/", assessment.page, name="assessment"),
    path("assessment/pairs/<int:pairing_id>/", assessment.pair, name="assessment-pair"),
    path("assessment/indicators/<str:indicator>/", assessment.indicator, name="assessment-indicator"),
    path("assessment/evidence/<str:indicator>/<int:pairing_id>/<str:side>/", evidence.page, name="assessment-evidence"),
    path("records/<str:table>/<str:key>/", record.page, name="record"),
    path("clauses/", clauses.page, name="clauses"),
    path("clauses/<str:duty_id>/", clauses.duty, name="clauses-duty"),
    path("runs/", runs.page, name="runs"),
    path("runs/<uuid:run_id>/", runs.detail, name="run"),
    path("reports/", reports.page, name="reports"),
    path("reports/<uuid:run_id>/<str:name>", reports.download, name="reports-download"),
]
