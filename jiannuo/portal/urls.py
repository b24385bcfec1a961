"""Addresses of this face."""

from django.urls import path

from jiannuo.portal import (
    about,
    catalogue,
    covering,
    disclosures,
    figures,
    home,
    lists,
    litigation,
    organs,
    parties,
    plan,
    records,
    rulebook,
    services,
    suggestions,
    timeliness,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", disclosures.search, name="search"),
    path("disclosures/", disclosures.disclosures, name="disclosures"),
    path("disclosures/export.<str:form>", disclosures.export, name="export"),
    path("records/<str:identity>/", records.record, name="record"),
    path("parties/<str:key>/", parties.party, name="party"),
    path("organs/", organs.organs, name="organs"),
    path("organs/<str:code>/", organs.organ, name="organ"),
    path("organs/<str:code>/lists/<str:kind>/", lists.organ_list, name="list"),
    path("timeliness/", timeliness.timeliness, name="timeliness"),
    path("figures/", figures.figures, name="figures"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("litigation/", litigation.litigation, name="litigation"),
    path("services/", services.services, name="services"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("coverage/", covering.coverage, name="coverage"),
    path("plan/", plan.plan, name="plan"),
    path("rules/", rulebook.rules, name="rules"),
    path("rules/due/", rulebook.due, name="due"),
    path("about/", about.about, name="about"),
    path("robots.txt", about.robots, name="robots"),
    path("sitemap.xml", about.sitemap, name="sitemap"),
]
