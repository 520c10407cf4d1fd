from django.apps import AppConfig


class AppraisalsConfig(AppConfig):
    name = "assessment.appraisals"
    label = "appraisals"
    verbose_name = "年度考核"
