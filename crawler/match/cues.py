"""The words by which a text says that something is not, not yet, or only perhaps so; in both languages.

They belong to the languages, not to any assessment. `crawler.match.assertion` says how a cue acts.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Assertion


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that make a statement something other than a plain assertion."""

    name: str
    label: Assertion | None
    """None: a pseudo-cue, which shields the words it covers."""
    scope: str
    """before, after, clause, opening (the clause, or all that follows where it opens the statement) or statement."""
    terms: tuple[str, ...]
    reach: int = 400
    """Characters between cue and event at most."""


N, P, Q = Assertion.NEGATED, Assertion.PLANNED, Assertion.PROPOSED
C, A, H = Assertion.CONDITIONAL, Assertion.ASKED, Assertion.HISTORICAL
D, R = Assertion.DECIDED, Assertion.REPORTED

CUES: tuple[Cue, ...] = (
    Cue("shield", None, "clause", (
        "不仅", "不但", "不只", "不断", "不少", "不同", "不久", "不低于", "不少于", "不超过", "不满", "不足",
        "不等", "不得不", "不得", "不可或缺", "不良", "不可控", "不确定", "不安全", "不法", "不当", "不实信息",
        "差不多", "毫不", "不约而同", "不乏", "不止", "不含", "不含税", "不论", "不管", "不妨", "不料", "不过",
        "不再是局外人", "不再", "无论", "无人", "无锡", "无障碍", "无条件", "无偿", "无疑", "无不", "无线",
        "无需", "无须", "无害", "无数", "无关", "未来", "未成年", "未必不", "未婚", "从无到有", "没收",
        "没想到", "无非", "毫无疑问", "红队演练", "攻防演练", "实战演练", "没有别的", "没有辜负", "并非偶然",
        "前所未有", "not only", "not just", "not merely", "not least", "no doubt", "no longer", "no less than",
        "no fewer than", "no later than", "not long", "nothing less", "nothing short of", "no sooner",
        "not simply", "not alone", "no wonder", "without delay", "without doubt", "no small",
        "not before time", "no secret", "not to mention", "no matter",
        "(in|on|since|by|of|until|from|last|this|late|early|mid) may", "may \u00a70", "{number} may",
        "may {number}", "first (ask|question)", "建议书", "应用", "应对", "响应", "供应", "相应", "对应",
        "反应", "效应", "适应", "应急", "应届", "应邀", "将军", "将近", "即将离任", "研究院", "研究员",
        "研究所", "研究中心", "研究生", "研究组", "研究室", "研究人员", "研究网络", "研究者", "研究团队",
        "研究成果", "研究报告", "计划生育", "规划局", "可能性", "如果说", "是否", "科学研究", "联合研究",
        "草案表决通过", "(草案|草稿) ... (表决通过|获通过|获得通过)", "望京", "希望小学", "five year plan",
        "work plan", "action plan", "五年规划", "行动计划", "年度计划", "工作计划", "科技计划", "if anything",
        "big if", "may not ... until", "may not", "if you (follow|look|read|ask)", "as if", "even if",
        "if only", "(the|a) will", "will of", "free will", "goodwill", "can will",
        "(is|was|are|were) no longer",
        "no longer [a|just a|merely a|only a] (draft|drafts|proposal|plan|pledge|rumour)",
        "not [just|merely] a (draft|proposal|plan|rumour)",
        "(years|months|rounds) of (drafts|drafting|consultation|proposals)",
        "after ... (drafts|consultation|proposals)", "(shall|will|must|to|now|asked to) draft", "draft the",
        "drafts the", "(consultation|comment period) (ended|closed|is over)",
        "不再停留在", "不再是(草案|倡议|建议|传闻|计划)",
        "(结束|历经|历时|经过) ... (征求意见|草案)", "征求意见(后|结束|之后)",
        "讨论会", "研讨", "探索者", "拟人", "虚拟", "模拟", "比拟", "草拟",
        "不可逆", "争取到", "has no plans", "拟定", "或者", "whether or not",
    )),
    # ---- negated
    Cue("not", N, "before", (
        "not", "*n't", "cannot", "never", "no", "nor", "neither", "none", "without", "nothing", "nobody",
        "zero", "lack*", "absence of", "fail* to", "refus* to", "declin* to", "unable to", "stop* short of",
        "instead of", "rather than", "ruled out", "rules out", "turn* down", "rejected a request", "rebuff*",
        "far from", "rule out", "hardly", "has no plans", "no plans to", "free of", "short of", "unaware of",
        "yet to", "reject* (calls|a proposal|the idea|a plan)", "shelved", "vetoed", "scrapped plans",
        "opted against", "decided against", "voted against", "voted down", "没有", "没", "未", "未曾", "未能",
        "尚未", "并未", "从未", "未获", "未经", "未见", "未有", "并无", "毫无", "不会", "不是", "并不", "并非",
        "无意", "无法", "不能", "拒绝", "暂无", "缺乏", "不予", "未必", "不存在", "谈不上", "绝非", "不曾",
        "而非", "而不是", "否决", "搁置", "暂不", "没能", "婉拒", "无权", "不具备", "不设", "不承担", "不属于",
        "不包括", "不涉及", "并没有", "从来没", "均未", "仍未", "迟迟未", "未将", "未把",
    ), 60),
    Cue("not near", N, "before", (
        "不", "无", "非",
    ), 5),
    Cue("not after", N, "after", (
        "(was|were|been|is) (denied|rejected|vetoed|shelved|turned down|voted down|blocked)",
        "(is|was|are|were) (false|untrue|wrong|fake|baseless)", "(is|are|was|were) not true",
        "(did|does|do|has|have|had|was|were|is|are) not", "didn't", "doesn't", "hasn't", "wasn't", "weren't",
        "never happened", "remain* (unclear|unknown)", "(is|are) (unclear|unknown)", "fell through",
        "collapsed", "came to nothing", "undisclosed", "not disclosed", "不实", "不属实", "系谣言", "是谣言",
        "为谣言", "均为谣言", "纯属", "被否认", "遭否认", "子虚乌有", "被否决", "未获通过", "未通过",
        "没有下文", "未果", "为零", "不详", "不明", "尚不清楚", "未公开", "未披露", "未定", "流产", "告吹",
        "未成", "为无", "尚未", "仍未", "并未", "没有", "未获", "未被", "未能", "无果", "无定论",
    ), 40),
    Cue("denied", N, "statement", (
        "denied", "denies", "deny", "denial", "denying", "debunk*", "false rumour*", "false rumor*",
        "no truth", "nonsense", "untrue", "hoax", "否认", "辟谣", "澄清", "传闻不实", "网传不实", "造谣",
        "谣言", "误传", "查无此事", "(网传|传闻|有传言) ... 不实",
    )),
    # ---- asked
    Cue("asked", A, "clause", (
        "whether", "would you", "do we know", "who knows", "ask* (if|whether)", "is it true", "do safety",
        "anyone know", "does anyone", "是否", "有没有", "会不会", "能不能", "能否", "要不要", "谁知道", "可否",
        "是不是",
    )),
    # ---- conditional, hypothetical, unverified
    Cue("if", C, "opening", (
        "if", "unless", "suppose*", "supposing", "imagine*", "in the event that", "were it to",
        "hypothetical*", "(our|this|the|a) scenario", "scenario :", "were to", "provided that", "in case",
        "thought experiment", "tabletop", "war game", "wargame", "simulation exercise", "drill", "fictional",
        "novel", "science fiction", "short story", "satire", "parody", "april fool*", "what would change",
        "would change our", "如果", "假如", "倘若", "若是", "要是", "假设", "一旦", "设想", "应急演练", "推演",
        "演习", "科幻", "小说", "愚人节", "虚构", "剧本", "假定", "万一", "桌面推演", "倘",
    )),
    Cue("might", C, "before", (
        "would", "could", "might", "may", "can only", "perhaps", "possibly", "potential*", "conceivabl*",
        "或将", "或许", "可能", "也许", "恐将", "恐怕", "似将", "或会", "或可", "大概", "万一", "有可能",
    ), 70),
    Cue("would after", C, "after", (
        "would be", "would need", "would cost", "would have to",
    ), 40),
    Cue("rumour", C, "statement", (
        "rumour*", "rumor*", "speculat*", "gossip", "unconfirmed", "unverified", "allegedly", "hearsay",
        "betting", "prediction market", "传闻", "传言", "网传", "据传", "坊间", "猜测", "推测", "未经证实",
        "小道消息", "疑似", "预测市场", "有消息称未经证实",
    )),
    # ---- proposed
    Cue("should", Q, "before", (
        "should", "ought to", "must be", "needs to", "need to", "urge*", "urging", "call* for", "call* on",
        "calling (for|on)", "recommend*", "propos*", "advocat*", "demand* that", "appeal* (for|to)",
        "suggest*", "let us", "let's", "petition*", "lobb*", "plead*", "want to see", "campaign* for",
        "invit* to", "asked to", "motion", "draft", "wish list", "push for", "argu* for", "argu* that", "建议",
        "应当", "应该", "应", "呼吁", "提议", "主张", "倡议", "希望", "期待", "期望", "敦促", "吁请", "提案",
        "宜由", "不宜", "须要", "需要", "有必要", "亟待", "亟需", "期盼", "盼望", "请求", "联名", "议案",
        "不妨", "要求将", "提请", "递交",
    ), 90),
    Cue("draft", Q, "statement", (
        "draft", "drafts", "consultation", "for comment", "for public comment", "comments are open",
        "open for comments", "bill (was|is) introduced", "introduced a bill",
        "introduce* (a bill|legislation)",
        "proposed (rule*|bill|law|regulation*|legislation|measures|amendment*)", "white paper proposes",
        "discussion paper", "green paper", "call for papers", "wish", "op ed", "should be", "ought to be",
        "recommends that", "we recommend", "we propose", "proposal", "proposals", "would be given", "petition",
        "motion", "征求意见稿", "征求意见", "草案", "草稿", "讨论稿", "专家建议稿", "建议稿", "公开征集",
        "提案", "议案", "立法计划", "送审稿", "初稿", "一审", "二审", "审议稿", "内部讨论", "提出建议",
        "政策建议",
    )),
    # ---- planned without a decision
    Cue("plan", P, "before", (
        "plan* to", "plans for", "planning to", "plans", "intend* to", "aim* to", "hop* to", "hopes",
        "expect* to", "(is|are) expected", "likely to", "is likely", "consider*", "weigh*", "mull*",
        "discussing", "to discuss", "discusses", "in talks", "talks on", "explor*", "seek* to", "seeks",
        "seeking", "want* to", "preparing to", "prepares to", "pending", "await*", "under study",
        "under consideration", "under discussion", "not yet", "eyes", "eyeing", "looking into", "bid to",
        "bidding", "negotiat*", "appl* (to|for)", "has applied", "have applied", "application",
        "candidate for", "slated for", "study the possibility", "feasibility", "to do", "todo", "roadmap",
        "coming soon", "on the agenda", "to be discussed", "in principle", "shortlist*", "ambition*",
        "pilot idea", "dream*", "promis* to", "pledg* to", "vow* to", "ready to", "willing to", "open to",
        "stands ready", "拟", "计划", "预计", "有望", "力争", "争取", "探索", "考虑", "酝酿", "筹备", "正讨论",
        "正在讨论", "讨论将", "讨论把", "准备", "正研究", "研究设立", "研究制定", "研究是否", "研究推出",
        "研究出台", "意向", "打算", "拟于", "有意", "愿意", "愿与", "愿同", "谋划", "申请", "待定", "待批",
        "规划建设", "正规划", "展望", "目标是", "列入议程", "洽谈", "磋商", "谈判", "商讨", "推动", "筹建",
        "拟建", "正在起草", "起草", "尚待", "有待", "欢迎", "拟议", "力图", "谋求", "原则上同意",
    ), 60),
    Cue("plan after", P, "after", (
        "(is|are|was|were|remain*) (being considered|planned|pending|undecided)",
        "(is|are|was|were|remain*) under (consideration|discussion|study|review)",
        "(is|are) (still )?on the table", "not yet", "is expected to follow", "may change", "have yet to",
        "has yet to", "still needs", "待定", "待审", "尚待批准", "待批", "正在研究", "研究中", "筹备中",
        "讨论中", "尚未敲定", "意向", "可行性", "的可能性", "的设想", "的计划", "的建议", "的提案", "的想法",
        "事宜尚",
    ), 50),
    # ---- decided, reported: these fire
    Cue("will", D, "before", (
        "will", "shall", "is to", "are to", "has decided to", "decided to", "agreed to", "is set to", "due to",
        "from {date}", "effective", "as of", "starting", "将", "决定", "自即日起", "即将", "将于", "起施行",
        "明起", "下月起", "批复",
    ), 60),
    Cue("said", R, "statement", (
        "said", "says", "told", "reported", "reports", "reportedly", "according to", "sources", "announced",
        "disclosed", "learned", "表示", "透露", "获悉", "据", "报道", "称", "介绍", "披露", "消息", "坦言",
        "指出", "通报",
    )),
    # ---- historical
    Cue("formerly", H, "before", (
        "previously", "formerly", "used to", "in the past", "back in", "years ago", "months ago",
        "earlier had", "had previously", "had earlier", "recall*", "looking back", "此前", "曾于", "曾经",
        "前年", "当年", "回顾", "早在", "往年", "历史上", "几年前", "多年前",
    ), 60),
)  # fmt: skip
