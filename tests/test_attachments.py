"""A notice of an authority and the workbook below it: what is decided stands in the file, and is found there."""

from __future__ import annotations

from pathlib import Path

from tests.extract import files
from tests.website import Answer
from tests.world import World

LIST = '<html lang="zh"><head><meta charset="utf-8"><title>公示</title></head><body><ul>{}</ul></body></html>'
ITEM = '<li><a href="/n/{0}.html">关于第{0}批资金安排的公示</a> 2031-02-{0}</li>'
NOTICE = """<html lang="zh"><head><meta charset="utf-8"><title>关于第{0}批资金安排的公示</title></head><body>
<h1>关于第{0}批资金安排的公示</h1><p>现将第{0}批资金安排情况予以公示，公示期为五个工作日，有异议的单位可书面反映。</p>
<p><a href="/files/{0}.xlsx">附件：资金安排表.xlsx</a></p></body></html>"""
OCTETS = "application/octet-stream"


def workbook(*bodies: str) -> Answer:
    rows = [["2031年资金安排表"], ["单位：万元"], ["承担单位", "用途", "专项预算"]]
    rows += [[body, "平台", 4200 + n] for n, body in enumerate(bodies)]
    return Answer(files.xlsx({"安排": rows}), media_type=OCTETS)


def test_a_row_of_an_attached_workbook_is_an_alert(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        first, both = LIST.format(ITEM.format(26)), LIST.format(ITEM.format(27) + ITEM.format(26))
        world.source("notices", "listing", "http://kw.test/", first, both)
        for number, bodies in ((26, ["北岸研究所"]), (27, ["北岸研究所", "海湾机器审慎研究院"])):
            world.site.put(f"http://kw.test/n/{number}.html", NOTICE.format(number))
            world.site.put(f"http://kw.test/files/{number}.xlsx", workbook(*bodies))
        world.run(day=1)
        assert len(world.site.asked("http://kw.test/files/26.xlsx")) == 1
        world.run(day=2)
        with world.opened() as archive:
            alerts = [
                found for found in archive.findings_of("2031-03-02") if found.document.url.endswith("/files/27.xlsx")
            ]
            assert [(found.change.level, found.change.kind) for found in alerts] == [("alert", "new")]
            (match,) = alerts[0].change.matches
            assert match.excerpt == "承担单位: 海湾机器审慎研究院 | 用途: 平台 | 专项预算: 4201 万元"
            assert alerts[0].document.title == "附件：资金安排表"
