"""The shipped `sources.yml`: nothing that the seeds and the research name is left out, and it holds no secret."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from crawler.catalogue import load

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCES = CHECKOUT / "sources.yml"

CITED = {
    1: ("digichina-new-institute", "high"),
    2: ("carnegie-cnaisda-2025", "high"),
    3: ("iaps-counterparts", "high"),
    4: ("chinatalk-wheres-aisi", "high"),
    5: ("aifrontiers-is-china-serious", "medium"),
    6: ("aiig-paris-side-event", "medium"),
    7: ("chinese-ai-safety-network", "high"),
    8: ("aieg-capacity-building", "low"),
    9: ("scai-yi-zeng", "medium"),
    10: ("gh-beijing-aisi", "high"),
    11: ("chineseperspectives-yi-zeng", "high"),
    12: ("faggella-yi-zeng", "low"),
    13: ("arxiv-pandaguard", "high"),
    14: ("xinhua-openclaw-tool", "low"),
    15: ("arxiv-super-coalignment", "high"),
    16: ("carnegie-china-ai-risks-2025", "high"),
    17: ("aisic-2024-review", "high"),
    18: ("aisic-state-2025", "medium"),
    19: ("aisic-25", "medium"),
    20: ("aisic-19", "medium"),
    21: ("time100-yi-zeng", "low"),
    22: ("wikipedia-yi-zeng", "high"),
    23: ("carnegie-views-changing-2024", "high"),
    24: ("arxiv-foresightsafety", "high"),
    25: ("time-china-taking-seriously", "medium"),
    26: ("carnegie-rivals-cooperate-2025", "high"),
    27: ("concordia-site", "high"),
    28: ("mittr-beijing-ethics-2019", "high"),
    29: ("pstaidecrypted-site", "high"),
    30: ("cnaisda-site", "high"),
    31: ("scmp-fu-ying-cooperation", "low"),
    32: ("cmp-how-china-sees", "high"),
    33: ("ciss-fu-ying-paris", "low"),
    34: ("idais-beijing", "high"),
    35: ("geopolitechs-paris-notes", "low"),
    36: ("asiafinancial-fli-index", "medium"),
    37: ("aisic-17", "medium"),
    38: ("arxiv-empathy-agent", "high"),
}
"""Citation number: the entry that is the cited text itself, and how sure the research was of its address."""

NEWSLETTERS = [
    "aisic-feed",
    "chinaaibulletin-feed",
    "chinai-feed",
    "importai-feed",
    "geopolitechs-feed",
    "chinatalk-feed",
    "aistackdecrypted-feed",
    "aifrontiers-feed",
    "digichina-feed",
    "digichina-substack-feed",
    "cmp-feed",
    "lingua-sinica-feed",
    "recodechina-feed",
    "cset-feed",
    "chinalawtranslate-feed",
    "fli-feed",
]

REPOSITORIES = {
    "Beijing-AISI": "gh-beijing-aisi",
    "Beijing-AISI/panda-guard": "gh-panda-guard",
    "Beijing-AISI/ForesightSafety-Bench": "gh-foresightsafety-bench",
    "Beijing-AISI/CogToM": "gh-cogtom",
    "Beijing-AISI/CVC": "gh-cvc",
    "Beijing-AISI/NGSD": "gh-ngsd",
    "Beijing-AISI/Foresight-ToM": "gh-foresight-tom",
    "LuJia-USTB/ForesightSafety-SAGE": "gh-foresightsafety-sage",
    "UKGovernmentBEIS/inspect_ai": "gh-inspect-ai",
    "UKGovernmentBEIS/inspect_evals": "gh-inspect-evals",
    "UKGovernmentBEIS/control-arena": "gh-control-arena",
}

INSTITUTES = [
    "uk-aisi-org-feed",
    "uk-aisi-site",
    "uk-aisi-org",
    "uk-aisi-blog",
    "uk-aisi-research",
    "us-caisi",
    "nist-news-feed",
    "j-aisi",
    "j-aisi-en",
    "int-network-nist",
    "int-network-govuk",
    "int-network-aisi",
    "sg-aisi",
    "ca-caisi",
    "kr-aisi",
    "kr-aisi-en",
    "eu-ai-office",
    "eu-digital-strategy-feed",
    "fr-inesia-lne",
    "fr-inesia-inria",
    "waico-xinhua",
    "waico-wikipedia",
    "uk-aisi-old-address",
    "us-aisi-old-address",
    "inaisi-old-address",
]

CHINESE_PRIMARY = [
    "bjaisi-site",
    "bjaisi-leaderboard",
    "bjaisi-wechat",
    "bj-jxj-budget",
    "bj-jxj-notices",
    "bj-kw-notices",
    "bj-czj-budget",
    "bj-gov-policy",
    "sydw-registry",
    "shzz-registry",
    "ggzy",
    "cac-release",
    "cac-framework3",
    "tc260",
    "miit-comment",
    "caict-reports",
    "aiia",
    "cnaisda-site",
    "shlab",
    "baai",
    "npc-plan",
    "casia",
    "ruc",
    "concordia-zh",
]

ABSENCES = {
    "no evaluation of a Chinese frontier model": (
        "gh-foresightsafety-bench bjaisi-leaderboard hf-pandaguard-leaderboard openalex-affiliation bjaisi-site"
    ),
    "no budget or headcount": "bj-kw-notices bj-jxj-budget sydw-registry ggzy arxiv-feifei-zhao",
    "no Chinese website": "bjaisi-site bjaisi-subdomains",
    "no regulatory authority": "cac-release govcn-policy-search bj-gov-policy bj-jxj-notices",
    "no explanation for the exclusion from CnAISDA": "cnaisda-site bjaisi-redirect gdelt-cnaisda",
    "no relationship with laboratories": "openalex-labs gdelt-labs",
    "no public criticism": "longtermai gdelt-yi-zeng chineseperspectives-yi-zeng",
    "no forum discussion": "lesswrong-posts eaforum-posts lesswrong-feed eaforum-feed",
    "no other researcher": "openalex-affiliation crossref-affiliation arxiv-coauthors",
}

OTHER_SEEDS = [
    "assessment",
    "chinese-ai-safety-network",
    "chinai-344",
    "chinai-feed",
    "aissential-chinai-344",
    "aissential-site",
]

HUGGING_FACE = [
    "hf-beijing-aisi-datasets",
    "hf-beijing-aisi-models",
    "hf-beijing-aisi-spaces",
    "hf-pandaguard-leaderboard",
]

DECISIVE = [
    "evaluation",
    "budget",
    "staff",
    "membership",
    "cnaisda",
    "mandate",
    "authority",
    "partnership",
    "regulation",
    "incident",
    "departure",
    "dissent",
    "cooperation",
    "labs",
    "outputs",
    "content",
    "website",
    "forum",
    "researchers",
    "prototype",
]


@pytest.fixture(scope="module")
def catalogue():
    """Both shipped files together, since sources name entities and triggers name sources."""
    if not (CHECKOUT / "triggers.yml").read_text(encoding="utf-8").strip():
        pytest.skip("triggers.yml has not been written yet")
    return load(SOURCES, CHECKOUT / "triggers.yml")


@pytest.fixture(scope="module")
def entries(catalogue):
    return {entry.id: entry for entry in catalogue.sources}


def test_the_only_warning_that_must_be_there_is_the_contact(catalogue):
    assert any("contact" in warning for warning in catalogue.warnings)


def test_ids_are_unique_and_each_entry_is_described(catalogue, entries):
    assert len(entries) == len(catalogue.sources)
    for entry in catalogue.sources:
        assert entry.address.evidence, f"{entry.id}: say where its address comes from"
        assert entry.publisher, f"{entry.id}: say who answers for it"
        assert entry.tags, f"{entry.id}: tag it"
        assert len(entry.tags) == len(set(entry.tags)), f"{entry.id}: a tag stands twice"


@pytest.mark.parametrize("number", CITED)
def test_each_citation_is_watched_with_the_confidence_of_the_research(entries, number):
    entry_id, confidence = CITED[number]
    entry = entries[entry_id]
    assert (entry.citation, entry.address.confidence.value) == (number, confidence)
    assert "cited" in entry.tags


def test_confidence_of_the_cited_sources_as_the_research_counted_it(catalogue):
    cited = [entry for entry in catalogue.sources if "cited" in entry.tags]
    assert sorted(entry.citation for entry in cited) == list(range(1, 39))
    assert Counter(entry.address.confidence.value for entry in cited) == {"high": 22, "medium": 9, "low": 7}
    assert {entry.citation for entry in cited if entry.address.placeholder} == {14, 21, 33}


def test_a_citation_number_is_on_cited_entries_and_their_companions_only(catalogue):
    for entry in catalogue.sources:
        assert (entry.citation is not None) == bool({"cited", "companion"} & set(entry.tags)), entry.id


def test_a_placeholder_is_not_the_last_word(catalogue):
    """Where the cited text was not found, a list beside it is followed."""
    for entry in catalogue.sources:
        if entry.address.placeholder and entry.citation:
            beside = [other for other in catalogue.sources if other.citation == entry.citation and other.askable]
            assert beside, entry.id


@pytest.mark.parametrize("entry_id", NEWSLETTERS)
def test_newsletters(entries, entry_id):
    entry = entries[entry_id]
    assert (entry.kind, entry.role.value) == ("feed", "newsletter")
    assert entry.tolerance.days <= 1 or entry_id == "digichina-feed", "newsletters are read within a day"


@pytest.mark.parametrize("name", REPOSITORIES)
def test_repositories(entries, name):
    entry = entries[REPOSITORIES[name]]
    assert (entry.kind, entry.url) == ("github", f"https://github.com/{name}")


@pytest.mark.parametrize(
    "entry_id", [*INSTITUTES, *OTHER_SEEDS, *HUGGING_FACE, *(i for ids in ABSENCES.values() for i in ids.split())]
)
def test_named_by_the_seeds_or_the_research(entries, entry_id):
    assert entry_id in entries


@pytest.mark.parametrize("entry_id", CHINESE_PRIMARY)
def test_chinese_primary_sources_are_counted_apart(entries, entry_id):
    assert "chinese-primary" in entries[entry_id].tags


@pytest.mark.parametrize("absence", ABSENCES)
def test_an_absence_has_endpoints(entries, absence):
    assert all("absence" in entries[entry_id].tags for entry_id in ABSENCES[absence].split())


@pytest.mark.parametrize("trigger", DECISIVE)
def test_each_trigger_finds_its_decisive_sources_by_tag(catalogue, trigger):
    deciding = [entry for entry in catalogue.sources if f"decisive-{trigger}" in entry.tags]
    assert deciding
    if trigger not in ("forum", "content", "researchers"):
        assert any(entry.role.value == "primary" or entry.role.value == "query" for entry in deciding)


def test_decisive_tags_are_spelled_as_the_header_explains_them(catalogue):
    used = {tag for entry in catalogue.sources for tag in entry.tags if tag.startswith("decisive-")}
    assert used == {f"decisive-{trigger}" for trigger in DECISIVE}


def test_its_own_pages_belong_to_the_institute(catalogue):
    own = {entry.id for entry in catalogue.sources if entry.owner == "bjaisi"}
    assert own == {entry.id for entry in catalogue.sources if entry.publisher == "Beijing-AISI"}
    assert {"bjaisi-site", "bjaisi-wechat", "gh-panda-guard", "hf-beijing-aisi-models"} <= own
    assert catalogue.source("cnaisda-site").owner == "cnaisda"


def test_what_is_not_observed_says_why(catalogue):
    unobserved = {entry.id: entry.why_not for entry in catalogue.sources if not entry.observable}
    assert set(unobserved) == {
        "bjaisi-wechat", "wikipedia-yi-zeng-history", "ca-caisi", "shzz-registry", "ccgp", "cac-filings",
    }  # fmt: skip
    assert all(unobserved.values())


def test_no_secret_stands_in_the_file():
    text = SOURCES.read_text(encoding="utf-8")
    assert not re.search(r"(?i)\b(api_?key|token|password|secret)=[^&\s\"']+", text)
    assert not re.search(r"\b(ghp_|github_pat_|hf_[A-Za-z]{20}|sk-)[A-Za-z0-9]+", text)
    for name, value in re.findall(r"\b(token_env|secret_env): ([^\s,}]+)", text):
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", value), f"{name} names an environment variable"


def test_titles_are_clean_text_in_the_language_of_their_source(catalogue):
    for entry in catalogue.sources:
        for value in (entry.title, entry.publisher or "", entry.notes or ""):
            assert value == unicodedata.normalize("NFC", value).strip(), entry.id
            assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn") for sign in value), entry.id
            assert "\ufffd" not in value and "&amp;" not in value and "\\u" not in value, entry.id
        if "chinese-primary" in entry.tags and (entry.language or "").startswith("zh"):
            assert re.search(r"[一-鿿]", entry.title + (entry.publisher or "")) or "github" in entry.tags, entry.id


def test_hosts_that_need_it_are_asked_slowly(catalogue):
    pace = {"export.arxiv.org": 3, "arxiv.org": 3, "api.gdeltproject.org": 5}
    for entry in catalogue.sources:
        for host, seconds in pace.items():
            if entry.url.startswith(f"https://{host}/"):
                assert entry.fetch.delay.total_seconds() >= seconds, entry.id


def test_a_listing_says_which_links_are_its_items(catalogue):
    bare = {entry.id for entry in catalogue.sources if entry.kind == "listing" and not entry.options.match}
    assert bare <= {"longtermai"}


def test_links_from_stored_copies_pass_their_listings_rules(entries):
    """Addresses of items as public copies gave them; the rules were written from these and not yet tried live."""
    import re2

    items = {
        "aiig-news-en": "https://aiig.tsinghua.edu.cn/en/info/1025/1535.htm",
        "baai-hub": "https://hub.baai.ac.cn/view/46644",
        "aifrontiers-articles": "https://ai-frontiers.org/articles/exporting-h20s-to-china-undermines-americas-ai-edge",
        "bj-jxj-budget": "https://jxj.beijing.gov.cn/zwgk/czyjs/202109/t20210902_2482345.html",
        "bj-gov-policy": "https://www.beijing.gov.cn/zhengce/zhengcefagui/202602/t20260206_4495110.html",
        "cac-release": "https://www.cac.gov.cn/2026-09/14/c_1791136833136332.htm",
        "caict-reports": "https://www.caict.ac.cn/kxyj/qwfb/ztbg/202609/P020260928603514637493.pdf",
        "chineseperspectives-list": "https://chineseperspectives.ai/Yi-ZENG",
        "ciss-site": "https://ciss.tsinghua.edu.cn/info/event/8009",
        "concordia-research": "https://concordia-ai.com/research/state-of-ai-safety-in-china-2025/",
        "iaps-research": "https://www.iaps.ai/research/china-aisi-counterparts",
        "idais-dialogues": "https://idais.ai/dialogue/idais-london/",
        "ruc": "http://ai.ruc.edu.cn/xygk/xyjy/09b6ca6c65484628a2c79afb28d44bce.htm",
        "shlab": "https://www.shlab.org.cn/news/5443947",
        "time100-list": "https://time.com/collection/time100-ai/6310612/yi-zeng/",
        "uk-aisi-blog": "https://www.aisi.gov.uk/blog/international-evaluation-best-practice-and-open-questions-in-ai-measurement",
        "xinhua-english": "https://english.news.cn/20260717/893fe11097db460ea31b98f131e34ef0/c.html",
    }
    for entry_id, url in items.items():
        assert any(re2.search(rule, url) for rule in entries[entry_id].options.match), entry_id
        assert not any(re2.search(rule, entries[entry_id].url) for rule in entries[entry_id].options.match), entry_id
