"""Every piece of the theme on a few pages, with an invented household: to look at and to measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from canbao.web.theme import context, pieces
from canbao.web.theme import forms as parts

if TYPE_CHECKING:
    from django.http import HttpRequest

COORDINATOR: Final = pieces.Helper(
    name="陈秋生", phone="0531-5550 1205", place="杏花村村委会", hours="周一到周五 8:30–17:00"
)
VILLAGE_SEAL: Final = pieces.SealOf("明水县柳泉镇杏花村村民委员会")
TOWNSHIP_SEAL: Final = pieces.SealOf("明水县柳泉镇便民服务中心", "参保专用章")
COUNTY_SEAL: Final = pieces.SealOf("明水县社会保险事业中心", "参保专用章")


class Everything(parts.PlainForm):
    """One field of each kind."""

    level = forms.ChoiceField(
        label="王守田按哪一类参保？",
        help_text="按年龄 62 岁和户口，应该是“成年居民”，已帮您选好。",
        widget=forms.RadioSelect,
        choices=[
            ("adult", parts.Option("成年居民", "18 岁以上，没有职工医保", "440 元/年")),
            ("child", parts.Option("少年儿童", "不到 18 岁，或中小学在读", "390 元/年")),
            (
                "aided",
                parts.Option(
                    "困难群众", "低保、特困、重残等。县里按名单自动核", "少交或不交", "去年是这一类"
                ),
            ),
        ],
    )
    name = forms.CharField(label="姓名", help_text="和身份证上一样")
    number = forms.CharField(label="身份证号", help_text="18 位，最后一位可能是 X")
    born_on = parts.DateParts(label="出生日期")
    own = parts.FenField(label="一年交多少")
    reason = forms.ChoiceField(
        label="哪里不对", choices=[("name", "姓名和证件不一样"), ("number", "号码不对")]
    )
    remark = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    how = forms.ChoiceField(
        label="怎么联系您",
        widget=forms.RadioSelect,
        choices=[("phone", "打电话"), ("text", parts.Option("发短信", "一条短信说清"))],
    )
    papers = forms.MultipleChoiceField(
        label="带了什么",
        widget=forms.CheckboxSelectMultiple,
        choices=[("card", "身份证"), ("booklet", "户口簿")],
    )
    agreed = forms.BooleanField(label="我看过个人信息怎么用，同意")
    scan = forms.FileField(label="签好名的纸", required=False)
    secret = forms.CharField(label="密码", widget=forms.PasswordInput)


def _home() -> dict[str, Any]:
    return {"due_fen": 127000}


def _form() -> dict[str, Any]:
    wrong = Everything(
        {"level": "adult", "name": "赵雅琴", "number": "3701", "born_on_year": "1990",
         "born_on_month": "13", "born_on_day": "1", "own": "12,5,x", "how": "text"}
    )  # fmt: skip
    wrong.add_error("number", "身份证号最后一位对不上。请照着身份证，再填一遍。")
    return {
        "form": wrong,
        "has_errors": True,
        "level": Everything({"level": "adult"})["level"],
        "others": [
            pieces.PriceLine("中央财政", 38000),
            pieces.PriceLine("省、市财政", 26600),
            pieces.PriceLine("县财政", 11400),
        ],
    }


def _basket() -> dict[str, Any]:
    return {
        "wrong": [
            pieces.Row(key="身份证号", value="3701**********1427"),
            pieces.Row(key="类别", value="成年居民 440 元", href="#main", action="改"),
        ],
        "fine": [
            pieces.Row(key="身份证号", value="3701**********0317"),
            pieces.Row(key="类别", value="成年居民 440 元"),
            pieces.Row(key="材料", value="4 张，看得清"),
        ],
    }


def _follow() -> dict[str, Any]:
    step = pieces.Step
    return {
        "steps": [
            step(title="您申请了", state="done", when="11 月 18 日，手机上签了名"),
            step(title="村里查过了", state="done", when="11 月 20 日", by="陈秋生",
                 note="19 日退过一次：户口簿本人页看不清，您当天补拍了", seal=VILLAGE_SEAL),
            step(title="镇里审过了", state="done", when="11 月 24 日", by="孟庆华",
                 note="柳泉镇便民服务中心", seal=TOWNSHIP_SEAL),
            step(title="县里正在复核", state="now", when="12 月 1 日（周一）前",
                 rest="有结果，还有 3 个工作日", note="您不用做什么，办好了发短信"),
            step(title="参保成功，存档", state="next",
                 note="那时再交 440 元，12 月 31 日前。纸表一份归您"),
        ],
        "after": [
            step(title="村里查材料", state="now", when="11 月 21 日（周五）前", by="杏花村 陈秋生"),
            step(title="镇里退回", state="returned", when="11 月 26 日"),
            step(title="没有批准", state="stopped", when="12 月 1 日", note="可以申诉"),
        ],
    }  # fmt: skip


def _officer(current: str) -> dict[str, Any]:
    names = [("待办", 23), ("上报", None), ("名册", None), ("纸表", None)]
    return {
        "office_path": "明水县 · 柳泉镇 · 杏花村村委会",
        "officer": {"name": "陈秋生", "role": "村协办员"},
        "stand_in": "",
        "sign_out_url": "#",
        "help_phone": "0531-5550 1200",
        "nav": [pieces.NavItem(text, "#main", text == current, count) for text, count in names],
    }


def _list() -> dict[str, Any]:
    tab = pieces.Tab
    columns = [pieces.Column("选中本页", "check")]
    columns += [
        pieces.Column(text) for text in ("参保人", "身份证号", "险种和类别", "自动核对", "期限")
    ]
    people: list[dict[str, Any]] = [
        {"name": "王守田", "id": "3701**********0317", "kind": "医保 成年居民", "good": "都对上",
         "soon": "今天到期", "chosen": True, "current": True},
        {"name": "王一诺", "id": "3701**********2026", "kind": "医保 少年儿童", "good": "都对上",
         "due": "剩 3 天", "chosen": True},
        {"name": "张三", "id": "3701**********5530", "kind": "养老 500 元", "wrong": "号码不对 1 处",
         "late": "超期 1 天"},
        {"name": "阿依古丽·买买提江", "id": "3701**********6124", "kind": "医保 成年居民",
         "good": "都对上", "due": "剩 2 天"},
    ]  # fmt: skip
    return _officer("待办") | {
        "tabs_of": [
            tab("待查验", "#main", 23, current=True), tab("退回补正", "#main", 4, alert=True),
            tab("可上报", "#main", 61), tab("已上报", "#main", 412),
            tab("有记录没纸表", "#main", 3, alert=True), tab("有纸表没记录", "#main", 0),
        ],
        "columns": columns,
        "people": people,
        "groups": [("", "全部组"), ("3", "3 组"), ("5", "5 组")],
        "page": pieces.PageOf(first=1, last=8, total=23, next="#main"),
    }  # fmt: skip


def _case() -> dict[str, Any]:
    titles = (
        "身份证正面",
        "身份证反面",
        "户口簿首页",
        "户口簿本人页",
        "登记表 1 份",
        "登记表 2 份",
    )
    return _officer("待办") | {
        "view": pieces.PaperView(
            title="身份证正面", position="1 / 6", note="11 月 17 日 纸表扫描", image=SAMPLE_PAPER,
            alt="身份证正面的扫描", larger="?zoom=150", smaller="?zoom=100", rotate="?turn=90",
            thumbs=[pieces.Thumb(title=title, href=f"?paper={at}", current=not at)
                    for at, title in enumerate(titles)],
        ),
        "compared": [
            pieces.Compared("姓名", ["张三", "张山", "张山"]),
            pieces.Compared("号码", ["3701…5530", "3701…5530", "3701…5530"]),
            pieces.Compared("出生", ["1971-06-03", "1971-06-03", None]),
        ],
        "sources": ["登记表", "底册", "再录一遍"],
        "reasons": [("name", "姓名和证件不一样：表上“三”，证件“山”"), ("other", "别的")],
    }  # fmt: skip


def _result() -> dict[str, Any]:
    opinion = pieces.Opinion
    return _officer("名册") | {
        "opinions": [
            opinion(title="1 村查验", when="11 月 19 日 09:12", text="材料齐全，原件已看，同意上报。",
                    person="陈秋生", role="村协办员", seal=VILLAGE_SEAL),
            opinion(title="2 镇初审", when="11 月 24 日 15:06", text="信息两次录入一致，同意报县。",
                    person="孟庆华", role="镇初审员", seal=TOWNSHIP_SEAL),
            opinion(title="3 县复核", when="11 月 26 日 10:18",
                    text="符合条件，准予参保，建立个人账户。", person="魏静怡", role="县复核员",
                    seal=COUNTY_SEAL),
        ],
        "rows": [
            pieces.Row(key="身份证号", value="3701**********4413", href="#main", action="看全号"),
            pieces.Row(key="户籍", value="柳泉镇杏花村 5 组 0531 户，户主"),
            pieces.Row(key="手机", value="139****6614"),
        ],
        "events": [
            pieces.Event("11-26 10:18", "魏静怡 复核通过，盖县章，账户建立"),
            pieces.Event("11-24 15:06", "孟庆华 初审通过（第 47 批 487 件之一）"),
        ],
        "bars": [pieces.Bar("纸表没盖村章", 3), pieces.Bar("户口簿缺页", 2), pieces.Bar("证件过期", 1)],
        "figures": [
            pieces.Figure("这批", "61", "件 / 27 户"),
            pieces.Figure("登记表", "122", "张，一式两份"),
            pieces.Figure("附件", "209", "张"),
        ],
        "columns": [pieces.Column("分户"), pieces.Column("每年"), pieces.Column("现在", "number")],
        "accounts": [("个人缴费", "1,000 元", "0.00"), ("政府补贴", "80 元", "0.00")],
        "statuses": ["draft", "village", "returned", "insured", "refused", "withdrawn"],
        "flags": ["ready", "overdue", "due_soon", "unpaid", "paid", "paid_for", "filed",
                  "record_without_paper", "paper_without_record", "copy_not_handed_over"],
    }  # fmt: skip


# A drawn stand-in for a scanned card, so that the viewer has something to show.
SAMPLE_PAPER: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 252'%3E"
    "%3Crect width='400' height='252' rx='14' fill='%23dfe8ee'/%3E%3Crect x='275' y='40' width="
    "'95' height='125' fill='%23b9cbd6'/%3E%3Cg fill='%2348606e'%3E%3Crect x='30' y='48' width="
    "'120' height='14'/%3E%3Crect x='30' y='88' width='180' height='14'/%3E%3Crect x='30' y='128'"
    " width='150' height='14'/%3E%3Crect x='110' y='205' width='230' height='16'/%3E%3C/g%3E%3C/svg%3E"
)
PAGES: Final = {
    "home": _home,
    "form": _form,
    "photos": dict,
    "basket": _basket,
    "sign": dict,
    "done": _follow,
    "follow": _follow,
    "list": _list,
    "empty": _list,
    "case": _case,
    "result": _result,
}


@require_safe
def show(request: HttpRequest, page: str) -> HttpResponse:
    """Show one page of the gallery; there is none outside demo and development."""
    if page not in PAGES or not (settings.DEBUG or getattr(settings, "CANBAO_DEMO", False)):
        raise Http404
    values = context.shown(request) | context.helper(COORDINATOR) | PAGES[page]()
    values |= {"service_name": context.service_name(str(_("Mingshui"))), "privacy_url": "#main"}
    return render(request, f"theme/gallery/{page}.html", values)
