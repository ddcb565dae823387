import json, pytest
from pathlib import Path
from django.core.management import call_command
from io import StringIO
from tests import world
from lms.people.models import *
def run(path, *a):
    out=StringIO()
    try: call_command("import_roster", str(path), "--json", *a, stdout=out)
    except Exception as e: print("EXIT", getattr(e,'returncode',None), e)
    return json.loads(out.getvalue())
def test_x(db, tmp_path):
    town=world.town(); other=world.town("古市镇","331124102")
    p=tmp_path/"r.csv"
    p.write_text("名册\n姓名,人员编号,单位编码,职务层次,手机号,职务\n张三,000123,331124107,乡科级,13857800001,主任\n李 四,0002,331124102,科员,,\n王五,0003,999,科员,123,\n,0004,331124107,,,\n")
    print(run(p,"--dry-run")); assert Person.objects.count()==0
    print(run(p)); print(run(p))
    print(list(Person.objects.values())); print(list(Posting.objects.values()))
    p.write_text(p.read_text().replace("331124107,乡科级","331124102,乡科级"))
    print(run(p)); print(list(Posting.objects.values('unit__code','from_date','to_date','title')))
    admin=world.holder("unit_admin", unit=other)
    print(run(p,"--by",admin.staff_number))
    print(run(p,"--by","zz"))
    from lms.journal.models import JournalEntry
    print(list(JournalEntry.objects.values('action','outcome','code','detail')))
