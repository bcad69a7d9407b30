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
    """before, after, clause, opening (the clause, or all that follows where it opens the statement), onward (all that
    follows), trailing (anywhere after the event) or statement."""
    terms: tuple[str, ...]
    reach: int = 400
    """Characters between cue and event at most."""


N, P, Q = Assertion.NEGATED, Assertion.PLANNED, Assertion.PROPOSED
C, A, H = Assertion.CONDITIONAL, Assertion.ASKED, Assertion.HISTORICAL
D, R = Assertion.DECIDED, Assertion.REPORTED

CUES: tuple[Cue, ...] = (
    Cue("shield", None, "clause", (
        "不仅", "不但", "不只", "不断", "不少", "不同", "不久", "不低于", "不少于", "不超过", "不满", "不足",
        "不等", "不得不", "不得(少于|低于|超过|高于|多于|早于|晚于|迟于|已)", "不可或缺", "不良", "不可控",
        "不确定", "不安全", "不法", "不当", "不实信息", "差不多", "毫不", "不约而同", "不乏", "不止", "不含",
        "不含税", "不论", "不管", "不妨", "不料", "不过", "不再是局外人", "不再", "无论", "无人", "无锡",
        "无障碍", "无条件", "无偿", "无疑", "无不", "无线", "无需", "无须", "无害", "无数", "无关", "未来",
        "未成年", "未必不", "未婚", "从无到有", "没收", "没想到", "无非", "毫无疑问", "红队演练", "攻防演练",
        "实战演练", "没有别的", "没有辜负", "并非偶然", "前所未有", "not only", "not just", "not merely",
        "not least", "no doubt", "no longer", "no less than", "no fewer than", "no later than", "not long",
        "nothing less", "nothing short of", "no sooner", "not simply", "not alone", "no wonder",
        "without delay", "without doubt", "no small", "not before time", "no secret", "not to mention",
        "no matter", "(in|on|since|by|of|until|from|last|this|late|early|mid) may", "may §0", "{number} may",
        "may {number}", "first (ask|question)", "建议书", "应用", "应对", "响应", "供应", "相应", "对应",
        "反应", "效应", "适应", "应急", "应届", "应邀", "将军", "将近", "即将离任", "研究院", "研究员",
        "研究所", "研究中心", "研究生", "研究组", "研究室", "研究人员", "研究网络", "研究者", "研究团队",
        "研究成果", "研究报告", "计划生育", "规划局", "可能性", "如果说", "是否", "科学研究", "联合研究",
        "草案表决通过", "(草案|草稿) ... (表决通过|获通过|获得通过)", "望京", "希望小学", "five year plan",
        "work plan", "action plan", "五年规划", "行动计划", "年度计划", "工作计划", "科技计划", "if anything",
        "big if", "may not ... until", "不如说", "不如让", "不如由", "if you (follow|look|read|ask)", "as if",
        "even if", "if only", "(the|a) will", "will of", "free will", "goodwill", "can will",
        "(is|was|are|were) no longer",
        "no longer [a|just a|merely a|only a] (draft|drafts|proposal|plan|pledge|rumour)",
        "not [just|merely] a (draft|proposal|plan|rumour)",
        "(years|months|rounds) of (drafts|drafting|consultation|proposals)",
        "after ... (drafts|consultation|proposals)", "(shall|will|must|to|now|asked to) draft", "draft the",
        "drafts the", "(consultation|comment period) (ended|closed|is over)", "不再停留在",
        "不再是(草案|倡议|建议|传闻|计划)", "(结束|历经|历时|经过) ... (征求意见|草案)",
        "征求意见(后|结束|之后)", "讨论会", "研讨", "探索者", "拟人", "虚拟", "模拟", "比拟", "草拟", "不可逆",
        "争取到", "has no plans", "拟定", "或者", "whether or not", "非常", "非但", "非凡", "非得", "非洲",
        "非公开", "非政府", "非营利", "非盈利", "非法", "非典型", "除非", "莫非", "不顾", "不到",
        "不出(意料|所料|意外|预料)", "不出(一|两|几|数|半|{number})(年|个月|天|周|日)", "不负", "不愧", "不懈",
        "不惜", "不甘", "不畏", "不惧", "不忘", "不拘", "不吝", "不遗余力", "不谋而合", "不失时机", "不无",
        "不免", "不禁", "不时", "不光", "不单", "不独", "不啻", "不期而", "不慎", "不幸", "不巧", "不动声色",
        "不声不响", "不厌其烦", "不请自来", "不一会", "不经意", "不以为意", "不约", "不可避免", "不可谓不",
        "不解之缘", "无惧", "无畏", "无悔", "无愧", "无视", "无奈", "无缝", "无故", "无端", "无限", "无声",
        "无一例外", "无一不", "无可争议", "无可置疑", "无可厚非", "无异议", "无悬念", "无保留", "无记名",
        "无意中", "无形中", "无缘无故", "(未经|不经) ... (即|就|便|擅自|径自|径行|直接|仍|已)", "未几",
        "未雨绸缪", "未免", "方兴未艾", "并(不|非)[令人](意外|偶然)", "没人(不|怀疑)", "没有人(不|怀疑)",
        "没有悬念", "没有意外", "没过(多久|几天)", "not until",
        "not (surprising|surprised|surprisingly|unexpected|unexpectedly|everyone|everybody|all|alone|"
        "in vain|for nothing|a moment too soon|without)",
        "no (accident|coincidence|surprise|exaggeration|joke|mistake|dream|exception|stranger|rumour|rumor|"
        "mere|ordinary|small feat|mean feat|hesitation|less|fewer|other|better|doubting|denying|"
        "question that)",
        "never before", "never (again|so|mind)", "without (hesitation|a vote|fanfare|exception|question|much)",
        "nothing (if not|could stop|can stop)", "could not (be|have been) (prouder|happier|clearer)",
        "cannot (deny|help)", "until (now|recently|then|last|this|today|yesterday|further notice)",
        "until {year}", "until {date}", "subject to (no|none|nobody)", "(no|not a) (rumour|rumor|speculation)",
        "(按|按照|依|依照|根据|如)(计划|规划|预计|期)",
        "过去[的|这](一|两|几|数|三|半|十|{number})(年|个月|天|周|日|季)", "if not (earlier|before)",
        "once (again|more|every|a)", "at once", "all at once", "for once",
        "almost (certain|certainly|immediately|all|every|as|unanimous*)", "nearly (all|every|unanimous*)",
        "一度(被|遭)", "几乎(所有|全|同时|一致|立即)", "的话(题|语|筒|剧)", "not hesitate",
        "不计(前嫌|成本|得失|代价)", "(未等|不等|未待|不待) ... (就|便|即)", "不请自",
        "no longer (alone|a rumour)", "would (like|love|prefer|rather) to", "(无不|一致|普遍|热烈)欢迎",
        "(申请|谈判|磋商|筹备|准备|酝酿|讨论|考虑|商谈|洽谈) ... (次|轮|番|年|月|天|周|久)(后|之后)",
        "(不顾|没有|没人|无人|无) ... 反对", "力排众议",
        "(大概|大约|可能)[有|是|为|在]({number}|{money}|{people}|{percent})",
        "(not|declin*|refus*|asked not|without) to be (named|identified|quoted)", "without (being named|naming)",
        "on condition of anonymity", "不愿(具名|透露姓名|公开姓名|透露身份)", "不(具名|署名)", "要求(匿名|不具名)",
        "application (form|forms|fee|fees|layer|portal|of|programming|scenario*|window)", "applications",
        "(no|nobody|none|no one) ... (may|can|shall|must) ... (until|unless|before|without)",
        "(may|must|shall|can) not ... (until|unless|before|without)", "far from the",
        "(未经|不经|未) ... (不得|不能|不可|禁止)", "[兵棋](推演|演习|演练)(室|中心|厅|馆|平台|基地|场地)",
        "纯属虚构的",
        "情景(喜剧|剧)", "(could|would|might|may) not (say|confirm|tell|prove|show|verify) that",
        "(perhaps|maybe|possibly) [some|about|around] ({number}|{money}|{people}|{percent})",
        "(猜测|传闻|传言|悬念) ... (尘埃落定|成真|坐实|得到证实|被证实|画上句号|终结|落地)",
        "(rumour*|rumor*|speculat*) ... (confirmed|put to rest|came true|were true|is over|ended)", "根据",
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
        "(will|can|could|would|shall) no longer", "no longer (plans|intends|wants|seeks|hopes|aims|wishes)",
        "(could|would|might|may) not (say|confirm|tell|prove|show|verify) that",
        "不等于", "不意味着", "不代表", "不表示", "不表明", "不能说", "too (early|soon) (for|to)", "premature (for|to)",
        "不宜", "不具备 ... 条件",
    ), 60),
    Cue("not near", N, "before", (
        "不", "无", "非",
    ), 5),
    Cue("kept from", N, "before", (
        "(bar*|block*|prevent*|stop*|kept|keep*|exclud*|bann*|prohibit*|dissuad*|deter*|save*|spare*|"
        "exempt*) ... from",
        "(barred|blocked|prevented|stopped|kept|excluded|banned|prohibited|saved|spared) from", "neglect* to",
        "forgot to", "forget* to", "omit* to", "miss* out on", "refrain* from", "abstain* from", "avoid*",
        "pull* out of", "back* out of", "shied away from", "shy away from", "give* up", "gave up", "abandon*",
        "renounc*", "forgo*", "escap*", "avert*", "cancel*", "call* off", "called off",
        "(abandon*|drop*|shelv*|scrap*|cancel*|ditch*) (plans|a plan|its plan|its bid|the idea|talks) (to|"
        "on|for|of)",
        "so called", "no closer to", "no nearer to", "no intention (of|to)",
        "(ceas*|stop*|quit|gave up|given up) (trying|seeking|efforts) to", "nowhere near", "thought better of",
        "think better of", "opt* out of",
        "(lost|lose|loses) (its|the|their|his|her|all) (chance|chances|bid|fight|battle|right) (to|of)",
    ), 14),
    Cue("kept off", N, "before", (
        "放弃", "取消", "免于", "避免", "幸免于", "禁止", "严禁", "不准", "不许", "不允许", "阻止", "防止",
        "谨防", "所谓", "所谓的", "不再申请", "不肯", "无缘", "撤回", "撤销", "撤回了",
    ), 6),
    Cue("against", N, "before", (
        "反对", "抵制", "谢绝", "推迟", "暂缓", "延期", "延后", "阻挠", "不赞成", "不支持",
    ), 2),
    Cue("almost", N, "before", (
        "almost", "nearly", "all but", "险些", "差点", "差点儿", "差一点", "几乎", "谈何",
    ), 3),
    Cue("none of it", N, "after", (
        "neither", "nothing", "none of", "no one", "nobody",
    ), 2),
    Cue("not after", N, "after", (
        "(was|were|been|is) (denied|rejected|vetoed|shelved|turned down|voted down|blocked)",
        "(is|was|are|were) (false|untrue|wrong|fake|baseless)", "(is|are|was|were) not true",
        "(did|does|do|has|have|had|was|were|is|are) not", "didn't", "doesn't", "hasn't", "wasn't", "weren't",
        "(was|were|been|is) (made up|invented|fabricated|refused|withdrawn|thrown out|dismissed|called off|"
        "cancelled)",
        "(have|has|had) (faded|evaporated|vanished|collapsed|stalled)", "no such thing", "被拒", "遭拒",
        "被驳回", "遭驳回", "破裂", "谈崩", "夭折", "被退回", "落空", "泡汤", "搁浅", "作罢", "被叫停",
        "遭叫停", "无从谈起",
        "never happened", "remain* (unclear|unknown)", "(is|are) (unclear|unknown)", "fell through",
        "collapsed", "came to nothing", "undisclosed", "not disclosed", "不实", "不属实", "系谣言", "是谣言",
        "为谣言", "均为谣言", "纯属", "被否认", "遭否认", "子虚乌有", "被否决", "未获通过", "未通过",
        "没有下文", "未果", "为零", "不详", "不明", "尚不清楚", "未公开", "未披露", "未定", "流产", "告吹",
        "未成", "为无", "尚未", "仍未", "并未", "没有", "未获", "未被", "未能", "无果", "无定论",
        "(has|have|had) been (dropped|abandoned|shelved|scrapped|ditched|axed|cancelled|withdrawn|refused|"
        "rejected)",
        "(was|were) (dropped|abandoned|scrapped|ditched|axed)",
        "(已|已经|被|遭)(取消|放弃|撤回|搁置|终止|撤销|废止)",
        "(turned out|proved|proves) to be (a|an|no more than a) ... (error|mistake|hoax|joke|misprint|misunderstanding|"
        "mix up)",
        "(proved|turned out) (false|wrong|untrue|mistaken)",
        "(是|属|系|乃)[一场|一次](误读|误会|误解|误报|笔误|乌龙|玩笑)",
        "(说法|消息|报道|传言) ... (不准确|不实|有误|错误|不成立|站不住脚)",
    ), 40),
    Cue("unripe", N, "trailing", (
        ",[均|全|纯](系|属|实为|乃)(误报|讹传|误读|误会|误解|乌龙|笔误)",
        "(条件|时机)[还|尚|并|仍](不成熟|未成熟|不具备|未具备)", "为时(尚早|过早)",
    )),
    Cue("denied", N, "statement", (
        "denied", "denies", "deny", "denial", "denying", "debunk*", "false rumour*", "false rumor*", "no truth",
        "nonsense", "untrue", "hoax", "否认", "辟谣", "澄清", "传闻不实", "网传不实", "造谣", "谣言", "误传",
        "查无此事", "(网传|传闻|有传言) ... 不实", "纯属(捏造|虚构|谣言|误会|误传)", "无中生有", "凭空捏造",
    )),
    # ---- asked
    Cue("asked", A, "clause", (
        "whether", "would you", "do we know", "who knows", "ask* (if|whether)", "is it true", "do safety",
        "anyone know", "does anyone", "(unclear|unsure|uncertain|unknown|wonder*|know|knows|see|doubt*) if",
        "有无", "与否", "何时", "几时", "难道", "莫非", "吗", "是否", "有没有", "会不会", "能不能", "能否",
        "要不要", "谁知道", "可否", "是不是", "(tell|say|said|told|tells|says) [us|them|me|him|her] if",
    )),
    # ---- conditional, hypothetical, unverified
    Cue("if", C, "opening", (
        "if", "unless", "were it to", "were to", "in the event (of|that)", "provided that", "in case",
        "assuming", "on condition that", "as long as", "so long as", "only when", "only once", "contingent on",
        "conditional on",
        "once [it is|it has been|this is|that is] (approved|agreed|signed|passed|ratified|adopted|"
        "confirmed|cleared)",
        "but for", "如果", "假如", "假若", "假使", "倘若", "倘使", "倘", "若是", "要是", "一旦", "万一", "除非",
        "只要", "只有", "若非", "若不是", "要不是", "设若", "如若", "如获", "如蒙", "如能", "如经", "如遇",
        "如未能", "如无异议", "若获", "若能", "若未", "若要", "假定", "在 ... 前提下", "前提下",
        "以 ... 为前提", "以 ... 批准为准",
        "(待|俟|等|须待|尚待) ... (批准|审议|审批|通过|核准|同意|签署|落实|确认)(后|之后)", "未经批准前",
        "with (luck|any luck)",
    )),
    Cue("scene", C, "opening", (
        "suppose*", "supposing", "imagine*", "what if", "hypothetical*", "(our|this|the|a) scenario",
        "scenario :", "scenario (a|b|c|d|e|f|i|ii|iii|iv|v|{number})", "thought experiment",
        "[in] [the|a|an|our|this] (worst|best|base|baseline|central|pessimistic|optimistic|gloomy|bleak|"
        "rosy|dark|bright|extreme|adverse|alternative|"
        "first|second|third|fourth|final|last|one|another) [case] scenario",
        "picture (the|a|this|it|yourself)", "(our|the) (first|second|third|fourth|last) future",
        "(what follows|the following) is (fiction|fictional|invented|imaginary|imagined|made up|satire)",
        "fable", "parable", "what would change", "would change our", "假设", "设想", "试想", "想象一下", "假想",
        "情景(一|二|三|四|五|六|甲|乙|丙|a|b|c|d|e|1|2|3|4|5)",
        "(未来|极端|悲观|乐观|最坏|最好|基准)(图景|情景|情形|情境)",
        "兵棋", "兵推", "寓言", "以下[内容|故事|情节|文字|场景][纯属|均为|皆为|全为|为](虚构|假设|设想|想象)",
    )),
    Cue("fiction", C, "opening", (
        "tabletop", "war game", "wargame", "simulation exercise", "drill", "fictional", "novel",
        "science fiction", "short story", "satire", "parody", "april fool*", "应急演练", "推演", "演习", "科幻", "小说",
        "愚人节", "虚构", "剧本", "桌面推演",
    )),
    Cue("opinion", C, "onward", (
        "(columnist*|commentator*|pundit*|blogger*|observers|critics|editorial*|op ed*|sceptic*|skeptic*|cynic*|wag|"
        "wags) ... (call*|think*|thought|feel*|felt|believ*|argu*|predict*|reckon*|consider*|regard*|suspect*|bet|"
        "bets|see*|liken*|dismiss*|mock*|jok*|quip*|prophes*)",
        "in (my|our humble|my humble) (view|opinion|book|eyes)", "i (think|feel|believe|suspect|reckon|bet|guess|fear)",
        "(always|long) (felt|thought|believed|suspected) [that]", "if you ask me", "my (sense|hunch|guess|bet) is",
        "(评论|评论员|评论者|评论人士|网友|网民|观察人士|观察家|分析人士|论者|坊间|笔者|专栏作家|博主|有人|批评者|段子)"
        "[普遍|却|曾|都|也|还|多|则](认为|觉得|感觉|以为|预言|预测|断言|调侃|吐槽|戏称|笑称|笑言|讽刺|嘲讽|挖苦|比作)",
        "(在我看来|依我看|我看|我觉得|我认为|窃以为|私以为|以我之见|我的感觉是)",
        "(始终|一直|总|老)(觉得|感觉|以为|感到)",
    ), 90),
    Cue("opinion of", C, "statement", (
        "(is|was) (what|how) (a|an|one|some|the) ... (call*|describe*|see*|sums up|put*)",
        "(columnist*|commentator*|pundit*|blogger*) ... (call*|dubb*|nicknam*) (it|them|him|her)",
    )),
    Cue("even if", C, "before", (
        "even if", "即使", "即便", "哪怕", "纵使", "就算", "直到",
    ), 70),
    Cue("proviso", C, "trailing", (
        "provided (that|the|it|they|its|he|she|there|all|both|no)", "unless", "on condition", "contingent on",
        "conditional on", "depending on",
        "(if|once|when) (approved|agreed|signed|passed|ratified|adopted|cleared)",
        "(subject to|pending) ... (approval|consent|vote|ratification|agreement|clearance|permission|"
        "confirmation|signature|sign off|decision|authorisation|authorization)",
        "前提是", "条件是", "视 ... 而定",
        "(须|需|尚须|尚需|仍须|仍需|有待|还要)(经|由|获|报) ... (批准|通过|审议|审批|同意|核准)", "以 ... 为准",
        "的话,", "的话就", "when and if", "as and when",
        "(the moment|as soon as|when|once|after) ... (agrees|approves|signs|ratifies|consents)",
    )),
    Cue("might", C, "before", (
        "would", "could", "might", "may", "can only", "perhaps", "possibly", "potential*", "conceivabl*",
        "seem* to", "appear* to", "thought to", "believed to", "supposedly", "purported*", "ostensibl*",
        "would be", "或将", "或许", "似乎", "好像", "仿佛", "疑似", "可能", "也许", "恐将", "恐怕", "似将",
        "或会", "或可", "大概", "万一", "有可能", "(chance|possibility|risk|likelihood|danger) that",
        "in theory", "looks (as though|as if|like)", "(worst|best) case", "理论上", "最坏的情况", "最坏情况",
        "大抵", "想必", "多半", "八成", "没准", "说不定", "保不准", "兴许", "估计", "十有八九", "chance of",
    ), 70),
    Cue("would after", C, "after", (
        "would be", "would need", "would cost", "would have to",
    ), 40),
    Cue("rumour", C, "statement", (
        "rumour*", "rumor*", "speculat*", "gossip", "unconfirmed", "unverified", "allegedly", "hearsay",
        "betting", "prediction market", "传闻", "传言", "网传", "据传", "坊间", "猜测", "推测", "未经证实",
        "小道消息", "疑似", "盛传", "谣传", "风传", "疯传", "word on the street", "word is", "grapevine",
        "预测市场", "有消息称未经证实", "whisper*", "听说", "据说",
    )),
    Cue("odds", C, "statement", (
        "bookmaker*", "bookie*", "odds (of|that|on|at)", "put* the odds", "the odds are", "赔率",
        "(nothing|no evidence|little) ... (points that way|suggests (so|as much|it)|bears (this|that|it) out)",
        "没有[任何](证据|迹象)(支持|指向)(这一|这种|该|此)",
    )),
    # ---- proposed
    Cue("should", Q, "before", (
        "should", "ought to", "must be", "needs to", "need to", "urge*", "urging", "call* for", "call* on",
        "calling (for|on)", "recommend*", "propos*", "advocat*", "demand* that", "appeal* (for|to)", "suggest*",
        "let us", "let's", "petition*", "lobb*", "plead*", "want to see", "campaign* for", "invit* to",
        "asked to", "motion", "draft", "wish list", "push for", "argu* for", "argu* that", "建议", "应当",
        "应该", "应", "呼吁", "提议", "主张", "倡议", "敦促", "吁请", "提案", "宜由", "不宜", "须要", "需要",
        "有必要", "亟待", "亟需", "期盼", "请求", "联名", "议案", "不妨", "要求将", "提请",
        "递交(提案|议案|建议|请愿)", "moved that", "move that",
        "(advis*|encourag*|exhort*|implor*|invit*|press*|beg*) ... to", "(advis*|encourag*|exhort*|implor*) to",
        "press* for", "time (for|to)", "had better", "the case for", "why ... (must|should)", "喊话", "邀请",
        "最好", "倡导", "是时候", "该不该", "不如让", "不如由", "恳请", "请愿", "请缨", "提出(让|由|将|把)",
    ), 90),
    Cue("floated", Q, "after", (
        "(was|were|been|is) (floated|mooted|tabled|debated|suggested|proposed|recommended)",
    ), 40),
    Cue("draft", Q, "statement", (
        "draft", "drafts", "consultation", "for comment", "for public comment", "comments are open",
        "open for comments", "bill (was|is) introduced", "introduced a bill", "introduce* (a bill|legislation)",
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
        "expect* to", "(is|are) expected", "likely to", "is likely", "consider*", "(weigh|weighs|weighed|weighing)",
        "mull*",
        "discussing", "to discuss", "discusses", "in talks", "talks on", "explor*", "seek* to", "seeks",
        "seeking", "want* to", "preparing to", "prepares to", "pending", "await*", "under study",
        "under consideration", "under discussion", "not yet", "eyes", "eyeing", "looking into", "bid to",
        "bidding", "negotiat*", "(apply|applies|applied|applying) (to|for)", "has applied", "have applied",
        "application (to|for|by|from)", "(its|their|his|her|the|an|formal|membership|'s) application",
        "with (a view|an eye) to", "candidate for",
        "slated for", "study the possibility", "feasibility", "to do", "todo", "roadmap", "coming soon",
        "on the agenda", "to be discussed", "in principle", "shortlist*", "ambition*", "pilot idea", "dream*",
        "promis* to", "pledg* to", "vow* to", "ready to", "willing to", "open to", "stands ready", "拟", "计划",
        "预计", "有望", "力争", "争取", "探索", "考虑", "酝酿", "筹备", "正讨论", "正在讨论", "讨论将",
        "讨论把", "准备", "正研究", "研究设立", "研究制定", "研究是否", "研究推出", "研究出台", "意向", "打算",
        "拟于", "有意", "愿意", "愿与", "愿同", "谋划", "申请", "待定", "待批", "规划建设", "正规划", "展望",
        "目标是", "列入议程", "洽谈", "磋商", "谈判", "商讨", "推动", "筹建", "拟建", "正在起草", "起草",
        "尚待", "有待", "欢迎", "拟议", "力图", "谋求", "原则上同意", "poised to", "on (track|course) to",
        "sights on", "look* forward to", "thinking (of|about)",
        "(goal|aim|objective|target|ambition|hope|plan|intention|task) (is|was) to", "trying to", "tries to",
        "tried to", "attempt* to", "stands to", "contemplat*", "keen to", "eager to", "gearing up to",
        "in line (to|for)", "(step|steps|edges|inches|moves) closer to", "working (to|towards)", "striv* to",
        "prospect of", "可望", "冀", "寻求", "承诺", "致力于", "筹划", "志在", "立志", "力求", "意欲", "图谋",
        "着眼", "摸索", "商谈", "接洽", "洽商", "would (like|love|prefer) to", "瞄准", "正就", "支持符合条件的",
        "(将|会|正|拟)会同 ... (研究|论证|协商|推进|推动)", "适时(研究|考虑|推动)",
    ), 60),
    Cue("plan after", P, "after", (
        "(is|are|was|were|remain*) (being considered|planned|pending|undecided)",
        "(is|are|was|were|remain*) under (consideration|discussion|study|review)",
        "(is|are) [still] on the table", "not yet", "is expected to follow", "may change", "have yet to",
        "has yet to", "still needs", "待定", "待审", "尚待批准", "待批", "正在研究", "研究中", "筹备中",
        "讨论中", "尚未敲定", "意向", "可行性", "的可能性", "的设想", "的计划", "的建议", "的提案", "的想法",
        "事宜尚", "(事宜|手续|程序|申请)(正|正在|仍在|尚在|还在|在)(推进|办理|进行|商议|协商|审核|审理)",
        "的申请", "一事(正|正在|仍在|尚在|还在)(推进|商议|协商|商谈|讨论)", "仍在推进", "正在推进中",
        "的(谈判|磋商|协商|洽谈)", "的(打算|意愿|念头|愿望|可能|倾向|程序|流程|手续)", "事宜", "是 ... 目标",
        "提上日程", "提上议程",
        "列入日程", "列入计划", "提上议事日程", "的(工作|事项|程序)(正|正在|仍在|尚在)", "视(情况|情)[再]",
        "正按(程序|流程|计划)(推进|办理|进行)", "(将|会|正|拟)会同 ... (研究|论证|协商)",
        "开展(前期|可行性)(论证|研究)",
    ), 50),
    Cue("received", P, "statement", (
        "(建议|来信|提案|留言|意见|来函)[已](收悉|收到|转)", "收悉",
        "(only|just|merely|simply) a (matter|question) of time", "(只是|不过是|仅是|只不过是)时间问题",
    )),
    # ---- decided, reported: these fire
    Cue("will", D, "before", (
        "will", "shall", "is to", "are to", "has decided to", "decided to", "agreed to", "is set to", "due to",
        "from {date}", "effective", "as of", "starting", "slated to", "scheduled to", "resolved to",
        "resolves to", "voted (to|for|in favour of)", "votes to", "vote to", "同意", "表决通过", "定于", "确定",
        "敲定", "拍板", "责成", "议定", "商定", "将", "决定", "自即日起", "即将", "将于", "起施行", "明起", "下月起",
        "批复", "获准",
    ), 60),
    Cue("ruled", D, "onward", (
        "(会议|研究|审议|讨论|投票|董事会|理事会|大会|常委会)决定[:|,]", "(表决|通过决议|形成决议)[:|,]",
    ), 30),
    Cue("ruled after", D, "trailing", (
        ", (the|its|their) (board|council|court|committee|ministry|assembly|cabinet) (ruled|decided|resolved|ordered)",
    )),
    Cue("said", R, "statement", (
        "said", "says", "(people|officials|insiders|witnesses) ... say", "told", "reported", "reports",
        "reportedly", "according to", "sources", "announced",
        "disclosed", "learned", "report that", "confirm* that", "confirmed", "claim* (to|that)", "writes that",
        "wrote that", "stated that", "states that", "per (a|the|its|his|her)", "citing", "understood to have",
        "表示", "透露", "获悉", "据", "报道", "称", "介绍", "披露", "消息", "坦言", "指出", "通报",
        "it is understood", "emerged", "了解到", "(会上|院长|发言人|负责人|主任|部长|记者|专家|所长|教授)说",
        "as ... puts it", "(show|shows|showed) that", "公布",
    )),
    # ---- historical
    Cue("formerly", H, "before", (
        "previously", "formerly", "used to", "in the past", "back in", "years ago", "months ago", "earlier had",
        "had previously", "had earlier", "recall*", "looking back", "decade* ago", "a decade ago",
        "century ago", "in those days", "back then", "days gone by", "昔日", "早年", "早先", "原先", "往昔",
        "彼时", "过去", "此前", "曾于", "曾经", "前年", "当年", "回顾", "早在", "往年", "历史上", "几年前",
        "多年前", "originally", "long ago", "上世纪", "上个世纪", "last century", "前些年", "早些年", "头几年",
    ), 60),
)  # fmt: skip
