"""Speed, as ratios in one run: `make bench`.

The cycle of 200 local pages against the floor: a bare Scrapy crawl with `trafilatura.extract` on the same pages, in
processes of their own, CPU seconds of user and system together. Then matching's share in reading those pages again, and
how its time grows with the number of triggers (`tests.bench_matching`). Ratios hold when the machine's speed drifts.
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
from collections.abc import Sequence
from pathlib import Path

from tests import bench_matching, bench_reading
from tests.website import Answer
from tests.world import World

PAGES = 200
TOPICAL_PAGES = 40
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


def article(number: int, topical: Sequence[str] = ()) -> bytes:
    """A page as news sites make them: 60 to 110 KB, a tenth of it text (some 60 sentences); every fourth is Chinese.

    `topical`: sentences of which a fifth of the text is made, where there are any.
    """
    chance = random.Random(number)

    def sentence() -> str:
        if topical and chance.random() < 0.2:
            return chance.choice(topical)
        if number % 4 == 0:
            return "".join(chance.choices(HAN, k=chance.randint(15, 40))) + "。"
        return " ".join(chance.choices(WORDS, k=chance.randint(8, 22))).capitalize() + "."

    def link(n: int) -> str:
        name = f"{WORDS[n % len(WORDS)]} {WORDS[n * 7 % len(WORDS)]}"  # a site's menu is that of all its pages
        icon = "<svg class='icon' viewBox='0 0 24 24'><path d='M12 2 2 7l10 5 10-5z'/></svg>"
        inner = f"<a href='/{n}' class='link'><span>{icon}{name}</span></a>"
        return f"<li class='item item--{n} js-item' data-n='{n}'>{inner}</li>"

    def card(n: int) -> str:
        words = " ".join(chance.choices(WORDS, k=6))
        image = f"<img src='/img/{n}.jpg' srcset='/img/{n}@2.jpg 2x' loading='lazy' width='320' height='180' alt=''>"
        return f"<div class='card card--teaser'><a href='/{n}'><figure>{image}</figure><h3>{words}</h3></a></div>"

    told = "".join(f"<p class='body-text'>{' '.join(sentence() for _ in range(4))}</p>" for _ in range(15))
    menu = "<ul class='menu'>" + "".join(link(n) for n in range(90)) + "</ul>"
    cards = "".join(card(n) for n in range(60))
    state = json.dumps([chance.random() for _ in range(1200)])
    return (
        f"<!doctype html><html lang={'zh' if number % 4 == 0 else 'en'}><head><meta charset=utf-8>"
        f"<title>Page {number}</title><script>var state={state}</script></head><body>"
        f"<header><nav>{menu}</nav></header><main><article><h1>Page {number}</h1>{told}</article></main>"
        f"<aside class='related'>{cards}</aside><footer>{menu}</footer></body></html>"
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
    ratios, again, shares = [], [], []
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
                shares.append(bench_matching.share(world.archive, world.folder))
            ratios.append(first / floor)
            again.append(second / floor)
            print(
                f"round {round_ + 1}: floor {floor:.2f} s, first cycle {first:.2f} s, unchanged cycle {second:.2f} s",
                flush=True,
            )
    print(f"first cycle / floor: {statistics.median(ratios):.2f} (at most 2)")
    print(f"unchanged cycle (304) / floor: {statistics.median(again):.2f}")
    print(f"matching / reading again: {statistics.median(shares):.1%} of the bench pages (at most 15%)")
    print(f"  of pages a fifth of whose sentences are topical: {topical_share():.1%}")
    for bodies, about in ((True, "bodies of their own"), (False, "the same bodies")):
        told = ", ".join(f"{count:,}: {ratio:.2f}" for count, ratio in bench_matching.growth(bodies=bodies))
        print(f"matching with so many triggers about {about} / with the fewest: {told}")
    wrong = bench_reading.tell()
    if wrong:
        sys.exit("; ".join(wrong))
    if statistics.median(ratios) > 2:
        sys.exit("the first cycle costs more than twice the floor")
    if statistics.median(shares) > 0.15:
        sys.exit("matching costs more than 15 % of processing")


def topical_share() -> float:
    """Matching's part of reading pages again that are about what the shipped assessment waits for."""
    told = bench_matching.sentences()
    with tempfile.TemporaryDirectory() as folder, World(Path(folder), delay="1ms") as world:
        for number in range(TOPICAL_PAGES):
            world.page(f"p{number}", f"http://bench.test/{number}", Answer(article(number, told)))
        world.run("--no-digest", "-q")
        return bench_matching.share(world.archive, world.folder)


if __name__ == "__main__":
    main()
