"""Where Chinese words end, as far as it takes to know that 全国 is not in 安全国际, nor 要是 in 主要是.

Chinese is written without blanks, so a short word may be met across the border of two others. Segmenting every text
would cost more than all matching; instead the stretches in which a word of ours is easily met by mistake are listed
with their borders, and what begins or ends inside one of their words is no word of the text.
"""

from __future__ import annotations

import ahocorasick

_STRETCHES = """
安全|国际 安全|国家 安全|国内 安全|国标 安全|国产 其中|国家 其中|国内 其中|国产 其中|国际 其中|文 其中|美
其中|英 集中|国内 集中|国家 中国|标准 各国|标准 外国|资本 中国|资本 中国|产业 全国|产业 中国|办事 中国|库存
中国|外交 我国|产业 机器人|大会 机器人|大赛 机器人|大学 个人|大 工人|大 本人|大 领导人|大会 个人|权利 个人|员
机器人|员 人员|工 成员|工 会员|工 委员会|员工 理事会|员 董事会|员 委员会|员 社会|员工 社会|议题 委员会|议定
理事会|议事 协会|议定 扩大|会员 扩大|会议 今年|会 去年|会 明年|会 每年|会 青年|会 历年|会 当年|会 大学|会
科学|会 中学|会 数学|会 文学|会 方法|案例 司法|案 违法|案 非法|案 执法|案 方法|人 司法|人 执法|人 违法|人
方法|定 司法|定 宪法|国 独立|法 成立|法 设立|法 建立|法 确立|法 中立|法 对立|法 设立|项目 成立|项目 建立|项目
独立|项目 设立|案 成立|案 建立|案 建立|约 独立|案 草案|发 方案|发 提案|发 法案|发 档案|发 答案|发 会议|案
协议|案 决议|案 建议|案 办公|开 办公|司 办公|函 办公|布 办公|约 部分|数 部分|析 部分|支 部分|工 部分|级 部分|值
部分|差 部分|类 充分|析 测评|分 提出|事 作出|任 提出|任 发出|任 付出|任 输出|任 提出|台 指出|台 提出|席 提出|题
支出|资金 输出|题 责任|命 主任|命 民主|任 以上|线 网上|报 以上|报 网上|传 以上|市 以上|海 网上|海 以上|级
路上|线 以下|发 以下|线 以下|架 当下|发 中国|网 外国|网 公开|放 公开|展 公开|办 公开|会 公开|通 公开|除 公开|发
公开|设 公开|播 公开|出 离开|会 展开|放 开发|布 开发|证 研发|文 开发|言 研发|现 开发|现 建设|有 建设|立 建设|在
建设|想 建设|计 形成|立 完成|立 达成|立 构成|立 构成|员 组成|员 集成|员 完成|员 达成|果 构成|果 联合|同 综合|同
配合|同 联合|作 配合|作 符合|作 结合|作 综合|格 联合|约 综合|并 员工|信 人工|信 人工|程 工作|者 合作|者 创作|者
操作|者 写作|者 制作|者 协作|者 合作|为 工作|为 操作|为 运作|为 协作|为 创作|为 动作|为 考试|用 测试|验 考试|验
目标|准 指标|准 目标|识 目标|题 商标|准 正在|编 现在|编 正在|京 存在|京 正在|职 存在|职 正在|投 正在|册 正在|列
现在|列 存在|列 加入|编 列入|编 投入|编 创新|设 创新|法 最新|法 创新|方 最新|方 最新|政策 创新|政策 最新|政
创新|版 创新|规 最新|增 更新|增 更新|设 更新|法 更新|政 刷新|增 近日|方 今日|方 即日|方 近日|本 今日|本 昨日|本
当日|本 明日|本 即日|本 每日|本 次日|本 完美|方 江西|方 广西|方 陕西|方 山西|方 江西|安 山西|安 广东|京 山东|京
华东|京 上海|外 青海|外 珠海|外 上海|南 上海|口 东北|大学 湖北|大学 河北|大学 西北|大学 华北|大学 台北|大学
中华|为 清华|为 真实|测 事实|施 真实|施 现实|施 表现|行 体现|行 实现|行 出现|行 表现|场 发生|效 发生|化 产生|化
学生|物 产生|效 医生|物 没有|望 没有|意 所有|意 具有|意 富有|意 很有|意 有|意义 有|意思 有|意见 含有|毒 所有|权
拥有|权 享有|权 持有|权 没有|权 占有|权 所有|效 没有|效 没有|待 所有|待 没有|名 所有|名 注意|向 同意|向 满意|向
愿意|向 随意|向 特意|向 有意|向 批准|备 标准|备 核准|备 对准|备 立即|使 随即|使 当即|使 主要|是 重要|是 需要|是
只要|是 首要|是 必要|是 成就|算 通过|去 超过|去 经过|去 度过|去 透过|去 因此|前 彼此|前 如此|前 目前|年 以前|年
此前|年 任何|时 如何|时 所有|无 任何|人 适应|当 对应|当 反应|当 相应|当 供应|当 响应|当 统一|审 唯一|审 逐一|审
统一|度 统一|律 进一步|度 等待|定 期待|定 等待|批 对待|批 等待|审 主流|产 物流|产 一流|产 交流|产 潮流|产
互联网|传 官网|传 外网|传 内网|传 物联网|传 数据|传 数据|说 证据|说 依据|说 数据|估 评估|计 估|计算 宣传|闻
宣传|言 互联网|信 物联网|信 数据|称 转移|交 推移|交 迁移|交 转移|民 移动|物 大小|说 重大|概 最大|概 扩大|概
作为|零 电话|剧 对话|剧 版本|号 样本|号 脚本|号 文本|号 资本|号 版本|应 样本|应 文本|应 成本|应 基本|应 成本|市
资本|市 日本|市 日本|周 日本|月 日本|会 基本|会 根本|会 日本|院 日本|所 基本|所 版本|文 样本|文 版本|期 样本|期
剧本|期 日本|期 资本|来 成本|来 版本|来 日本|省 日本|站 版本|站 日本|文 成本|想 知名|单 签名|单 域名|单 命名|单
第三方|案 地方|案 地方|法 官方|法 双方|法 各方|案 双方|案 三方|案 官方|案 对方|案 警方|案 单方|案
免费|用 不止|损 停止|损 防止|损 无法|律 无法|规 依法|规 网络安全 网络空间 网络攻击 神经网络 网络钓鱼 网络诈骗
网络犯罪 其他 其中 其实 其次 其余 尤其 极其 与其 土耳其 莫名其妙 其它 吉他 数据 证据 票据 凭据 占据 名称 职称
简称 俗称 对称 著称
"""
"""Set apart by blanks, borders by bars; a stretch without a bar is one word, and nothing that is a part of it is."""


def _insides() -> ahocorasick.Automaton:
    """By stretch: its length, and the places in it that are inside a word."""
    automaton = ahocorasick.Automaton()
    for stretch in _STRETCHES.split():
        text = stretch.replace("|", "")
        borders = {0, len(text)}
        at = 0
        for word in stretch.split("|"):
            at += len(word)
            borders.add(at)
        automaton.add_word(text, (len(text), tuple(n for n in range(1, len(text)) if n not in borders)))
    automaton.make_automaton()
    return automaton


_INSIDES = _insides()


def insides(view: str) -> frozenset[int]:
    """The places of a folded text that are inside a word, where one of the listed stretches stands; one pass."""
    if view.isascii():
        return frozenset()
    return frozenset(last + 1 - length + n for last, (length, places) in _INSIDES.iter(view) for n in places)
