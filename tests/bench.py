"""Speed, as ratios in one run: `make bench`.

The cycle of 200 local pages against the floor: a bare Scrapy crawl with `trafilatura.extract` on the same pages, in
processes of their own, CPU seconds of user and system together. Ratios hold when the machine's speed drifts.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.website import Answer
from tests.world import World

PAGES = 200
ROUNDS = 3
SYLLABLES = ("har", "bour", "lan", "tern", "sig", "nal", "led", "ger", "coun", "cil", "pier", "tide")
WORDS = [first + second for first in SYLLABLES for second in SYLLABLES]
HAN = "海湾机器审慎研究院发布通知公告潮汐表阅览室开放时间预算会议记录检查报告成员名单港口灯塔信号簿"

FLOOR = """
import json, sys, scrapy, trafilatura
from scrapy.crawler import CrawlerProcess
told = json.load(sys.stdin)
class Floor(scrapy.Spider):
    name = "floor"
    async def start(self):
        for n in range(told["pages"]):
            yield scrapy.Request(f"http://127.0.0.1:{told['port']}/{n}", headers={"Host": "bench.test"})
    def parse(self, response):
        trafilatura.extract(response.text)
process = CrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0.001,
    "RANDOMIZE_DOWNLOAD_DELAY": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "ROBOTSTXT_OBEY": False})
process.crawl(Floor)
process.start()
"""


def article(number: int) -> bytes:
    """A page of about 60 KB; every fourth is Chinese."""
    chance = random.Random(number)

    def sentence() -> str:
        if number % 4 == 0:
            return "".join(chance.choices(HAN, k=chance.randint(15, 40))) + "。"
        return " ".join(chance.choices(WORDS, k=chance.randint(8, 22))).capitalize() + "."

    told = "".join(f"<p>{' '.join(sentence() for _ in range(4))}</p>" for _ in range(40))
    menu = "".join(
        f"<li><a href='/{n}' class='menu-item item-{n}'>{chance.choice(WORDS)} {n}</a></li>" for n in range(120)
    )
    script = f"<script>var state={json.dumps([chance.random() for _ in range(900)])}</script>"
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>Page {number}</title>{script}</head><body>"
        f"<nav><ul>{menu}</ul></nav><main><article><h1>Page {number}</h1>{told}</article></main>"
        f"<aside><ul>{menu}</ul></aside><footer>{menu}</footer></body></html>"
    ).encode()


def cpu(command: list[str], stdin: str | None = None) -> float:
    """CPU seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    os.environ["NO_COLOR"] = "1"
    ratios, again = [], []
    with tempfile.TemporaryDirectory() as folder:
        for round_ in range(ROUNDS):
            with World(Path(folder) / str(round_), delay="1ms") as world:
                for number in range(PAGES):
                    body = article(number)
                    world.page(
                        f"p{number}", f"http://bench.test/{number}", Answer(body, etag=f'"{number}"', gzipped=True)
                    )
                world.write()
                floor = cpu([sys.executable, "-c", FLOOR], json.dumps({"port": world.site.port, "pages": PAGES}))
                first = cpu(world.command("run", "--no-digest", "-q", day=1))
                second = cpu(world.command("run", "--no-digest", "-q", day=2))
            ratios.append(first / floor)
            again.append(second / floor)
            print(
                f"round {round_ + 1}: floor {floor:.2f} s, first cycle {first:.2f} s, unchanged cycle {second:.2f} s",
                flush=True,
            )
    print(f"first cycle / floor: {statistics.median(ratios):.2f} (at most 2)")
    print(f"unchanged cycle (304) / floor: {statistics.median(again):.2f}")
    if statistics.median(ratios) > 2:
        sys.exit("the first cycle costs more than twice the floor")


if __name__ == "__main__":
    main()
