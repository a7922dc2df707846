"""/orders/"""

from django.urls import path

from storefront.orders.views import codes, finding, page

app_name = "orders"
urlpatterns = [
    path("find/", finding.find, name="find"),
    path("<slug:number>/", page.detail, name="detail"),
    path("<slug:number>/open/<str:token>/", page.open_link, name="open"),
    path("<slug:number>/link/", finding.send_link, name="send_link"),
    path("<slug:number>/receipt/", page.receipt, name="receipt"),
    path("<slug:number>/codes/", codes.codes, name="codes"),
    path("<slug:number>/deliveries/<uuid:delivery_id>/reveal/", codes.reveal, name="reveal"),
    path("<slug:number>/deliveries/<uuid:delivery_id>/problem/", codes.problem, name="problem"),
]
