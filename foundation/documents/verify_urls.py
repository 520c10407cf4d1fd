app_name = "documents_verify"
urlpatterns: list = []
