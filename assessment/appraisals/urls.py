from django.urls import path

from assessment.appraisals import views

app_name = "appraisals"
urlpatterns = [
    path("mine/", views.mine, name="mine"),
    path("mine/<int:pk>/summary/", views.summary, name="summary"),
    path("mine/<int:pk>/summary/take-back/", views.take_back_summary, name="take_back_summary"),
    path("mine/<int:pk>/opinion/", views.opinion, name="opinion"),
    path("review/", views.review_list, name="review"),
    path("review/<int:pk>/", views.review, name="review_one"),
    path("committee/", views.committee, name="committee"),
    path("committee/<int:pk>/", views.committee_cycle, name="committee_cycle"),
    path("committee/decide/<int:pk>/", views.decide, name="decide"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
]
