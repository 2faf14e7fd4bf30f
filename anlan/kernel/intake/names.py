"""When two spellings are probably one enterprise or one address. Only ever a reason to ask, never to merge."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_TRADITIONAL = str.maketrans(
    "廠業電機東廣國車門龍華興區縣鎮鄉號樓發實龐風飛馬魚鳥麥黃齊齒億備優傳傷倉個們偉側偵償儀兩內冊凍劃劉劍動務勝勞勢勵勸匯匱區協卻"
    "廈廚廳張強彈後徑從復徵德應懷戰戶掃採換揚擇擊擔據損搖撐擴攝攤數斂斷時晉暢暫曉曠書會條楊業極構樣標樞樹橋機檢權歐歡歲歷殘殺"
    "氣決沒況滅滬滿漁漢潔潛澤濟濱灣為無煉煙煤熱爾牆獎獲獵產畫異當療盡監盤眾礦碼確磚礎禮種稱積穩窯競筆節範築簡籃糧糾紅紙級細終組"
    "結絡給統絲經綠維網線緊編緣練總績織繼續纖罐羅聖聯聲職肅腦臨舊舖葉蓋藍藥藝蘇蘭處虛號蟲補裝製複規視覺覽觀訂計訊記訓設許訴診註"
    "詞試話該誠語說調談請諸論證識譜護變讓豐貝財責貨販貿費資賓質購賽贊軟軸輕輛輪輸轉辦農這進運過達違遠適選遷邊還鄭釀鈣鈦鈴鉛銀銅鋁"
    "鋒鋼錄錢錦錫鍋鍛鍵鎂鏈鐘鐵鑄鑫鑽長閃閉開間閘閣關陳陽陰隊際險隱難雙雜雞離靈靜韓頂項順預領頭題額顏願類顧顯飯飲館驗驅骨髮鬆魯鮮鴻鵬點齡",
    "厂业电机东广国车门龙华兴区县镇乡号楼发实庞风飞马鱼鸟麦黄齐齿亿备优传伤仓个们伟侧侦偿仪两内册冻划刘剑动务胜劳势励劝汇匮区协却"
    "厦厨厅张强弹后径从复征德应怀战户扫采换扬择击担据损摇撑扩摄摊数敛断时晋畅暂晓旷书会条杨业极构样标枢树桥机检权欧欢岁历残杀"
    "气决没况灭沪满渔汉洁潜泽济滨湾为无炼烟煤热尔墙奖获猎产画异当疗尽监盘众矿码确砖础礼种称积稳窑竞笔节范筑简篮粮纠红纸级细终组"
    "结络给统丝经绿维网线紧编缘练总绩织继续纤罐罗圣联声职肃脑临旧铺叶盖蓝药艺苏兰处虚号虫补装制复规视觉览观订计讯记训设许诉诊注"
    "词试话该诚语说调谈请诸论证识谱护变让丰贝财责货贩贸费资宾质购赛赞软轴轻辆轮输转办农这进运过达违远适选迁边还郑酿钙钛铃铅银铜铝"
    "锋钢录钱锦锡锅锻键镁链钟铁铸鑫钻长闪闭开间闸阁关陈阳阴队际险隐难双杂鸡离灵静韩顶项顺预领头题额颜愿类顾显饭饮馆验驱骨发松鲁鲜鸿鹏点龄",
)
_IN_TRADITIONAL = re.compile(f"[{''.join(map(chr, _TRADITIONAL))}]")
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(rf"(?:中国)?({_PROVINCES})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?")
_PLACE = re.compile(r"(?:[\u4e00-\u9fff]{2,3}(?:市|县|区)|[\u4e00-\u9fff]{2,8}自治[州县旗])")
_IGNORED = re.compile(r"[\W_]+")
_SHORTEST = 3


class NameKey(NamedTuple):
    """A name taken apart: what is left when spelling no longer matters, and the places named in front of it."""

    core: str
    province: str
    places: frozenset[str]

    def same_place(self, other: NameKey) -> bool:
        """False when both names say where they are and say it differently: 甲市某厂 is not 乙市某厂."""
        if self.province and other.province and self.province != other.province:
            return False
        return not self.places or not other.places or bool(self.places & other.places)


def name_key(name: str, places: Iterable[str] = ()) -> NameKey:
    """The name without case, width, spaces and punctuation, in simplified characters, 有限责任公司 as 有限公司.

    The province, city and county in front are set aside. ``places``: names of places (without 省市县区) that may also
    stand in front bare.

    >>> name_key("广东省兴宁市龍田（水泥）有限责任公司").core, name_key("龙田水泥 有限公司").core
    ('龙田水泥有限公司', '龙田水泥有限公司')
    >>> name_key("兴宁市龙田水泥厂").same_place(name_key("广东兴宁市龙田水泥厂"))
    True
    >>> name_key("兴宁市龙田水泥厂").same_place(name_key("大埔县龙田水泥厂"))
    False
    """
    return _name_key(name, tuple(places))


@lru_cache(maxsize=8192)  # a row's name is asked for by the reader and by the register: chunks of thousands
def _name_key(name: str, places: tuple[str, ...]) -> NameKey:
    text = _folded(name).replace("有限责任公司", "有限公司")
    province, found = "", set()
    if match := _front(_PROVINCE, text):
        province, text = match[1], text[match.end() :]
    for _level in range(2):
        if match := _front(_PLACE, text):
            found.add(match[0].rstrip("市县区"))
            text = text[match.end() :]
    for place in places:
        if text.startswith(place) and len(text) - len(place) >= _SHORTEST:
            found.add(place)
            text = text[len(place) :].lstrip("省市县区镇")
    return NameKey(text, province, _places(tuple(sorted(found))))


def address_key(address: str) -> str:
    """What is left of an address when spelling no longer matters (widths, spaces, 號, province and city in front).

    >>> address_key("广东省兴宁市福兴街道 12號") == address_key("福兴街道１２号")
    True
    """
    text = _folded(address)
    for pattern in (_PROVINCE, _PLACE, _PLACE):
        if match := _front(pattern, text):
            text = text[match.end() :]
    return text


@lru_cache(maxsize=4096)
def _places(found: tuple[str, ...]) -> frozenset[str]:
    """One set for all names of one place: a ledger of a city holds hundreds of thousands of them."""
    return frozenset(found)


def _folded(text: str) -> str:
    text = _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return text.translate(_TRADITIONAL) if _IN_TRADITIONAL.search(text) else text


def _front(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    match = pattern.match(text)
    return match if match and len(text) - match.end() >= _SHORTEST else None
