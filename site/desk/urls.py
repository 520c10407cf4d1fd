from django.urls import path

from desk import components, views

app_name = "desk"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("desk/refresh/", views.refresh, name="refresh"),
    path("desk/home-card/", views.home_card, name="home_card"),
    path("desk/me/", views.me, name="me"),
    path("_components/", components.components, name="components"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/save/", views.save_settings, name="save_settings"),
]
