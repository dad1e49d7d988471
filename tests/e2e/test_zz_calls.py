import pytest
from tests.e2e import site as s
from tests.e2e.test_calls import *
MAKE='''
from accounts.models import User
from accounts.founding import found_organisation
from django.db import transaction
with transaction.atomic():
    u=User.objects.create_user(email="mara@northline.example",name="Mara Voss",password="tollgate-demo-2026")
    found_organisation(name="Northline Calling", admin=u)
'''
@pytest.fixture(scope="module")
def site(tmp_path_factory):
    real=s.Site.manage
    def manage(self,*a,**k):
        if a[0]=="demo_data": a=("shell","-v","0","-c",MAKE); k={}
        return real(self,*a,**k)
    s.Site.manage=manage
    with s.running_site(tmp_path_factory.mktemp("site"),"importszz") as r: yield r
    s.Site.manage=real
@pytest.fixture
def new_page(browser, site, watch):
    contexts=[]
    def open_page(**o):
        c=browser.new_context(base_url=site.url, locale="en-GB", **o); c.set_default_timeout(15000); contexts.append(c); p=c.new_page(); watch.over(p); return p
    yield open_page
    for c in contexts: c.close()
